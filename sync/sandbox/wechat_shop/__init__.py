"""WeChat Shop's local-life vouchers, as its documents describe them."""
