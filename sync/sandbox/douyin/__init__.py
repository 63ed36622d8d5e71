"""The Douyin life-service dialect."""
