"""The head of a client's file, before its contracts."""

CLIENT = """schema = 1
[client]
name = "Acme GmbH"
street = "Werkstr. 1"
postcode = "80331"
city = "München"
country = "DE"
vat_id = "DE129274202"
language = "de"
"""
