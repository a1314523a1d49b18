"""Who is asking: a token becomes a Principal.

A real issuer is a setting (its name, audience and key set), the development issuer another; nothing else differs.
"""
