# wifi
