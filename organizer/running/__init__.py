"""The whole house as processes: web and worker under one roof, from the first start to Ctrl-C."""
