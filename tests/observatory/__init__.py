"""What Mozilla's own judge of security headers says of our pages, measured on this machine."""
