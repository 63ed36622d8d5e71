"""The dialect that Dianping spoke before it moved to Meituan."""
