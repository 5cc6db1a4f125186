# vpn
