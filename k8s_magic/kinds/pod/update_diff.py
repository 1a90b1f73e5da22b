"""placeholder"""
def of_specs(before, after):
    return ""
