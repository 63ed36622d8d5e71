"""How everything looks: figures and colours, fonts, icons, and the style sheet made of them."""
