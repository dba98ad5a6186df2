blocks = []
while True:
    blocks.append(bytearray(16 << 20))
    print("ESCAPED: memory" if len(blocks) > 64 else "", end="", flush=True)
