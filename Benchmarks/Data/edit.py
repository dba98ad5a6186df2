def read_settings(path, environment, report):
    """Read a settings file and return a dictionary with every value checked.

    Lines are `name = value`; `[section]` starts a section; `#` begins a comment.
    Values of the environment, SECTION_NAME in capitals, win over the file.
    """
    settings = {
        "server": {"host": "127.0.0.1", "port": 8080, "backlog": 128},
        "client": {"timeout": 30.0, "retries": 3, "proxy": None},
        "cache": {"folder": None, "megabytes": 512, "compress": True},
        "log": {"level": "info", "file": None, "rotate": 7},
    }
    kinds = {
        ("server", "host"): "text",
        ("server", "port"): "port",
        ("server", "backlog"): "count",
        ("client", "timeout"): "seconds",
        ("client", "retries"): "count",
        ("client", "proxy"): "url",
        ("cache", "folder"): "path",
        ("cache", "megabytes"): "count",
        ("cache", "compress"): "switch",
        ("log", "level"): "level",
        ("log", "file"): "path",
        ("log", "rotate"): "count",
    }
    levels = ("debug", "info", "warning", "error")
    found = {}
    section = None

    try:
        with open(path, encoding="utf-8") as stream:
            lines = stream.read().split("\n")
    except FileNotFoundError:
        report(f"{path} is not there; all values are defaults")
        lines = []
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8: byte {error.start}") from error

    for number, line in enumerate(lines, start=1):
        text = line.split("#", 1)[0].strip()
        if not text:
            continue
        if text.startswith("["):
            if not text.endswith("]"):
                raise ValueError(f"{path}:{number}: a section ends with ]")
            section = text[1:-1].strip().lower()
            if section not in settings:
                known = ", ".join(sorted(settings))
                raise ValueError(f"{path}:{number}: no section {section}; there are {known}")
            continue
        if section is None:
            raise ValueError(f"{path}:{number}: a value before the first section")
        name, equals, value = text.partition("=")
        if not equals:
            raise ValueError(f"{path}:{number}: expected name = value")
        key = (section, name.strip().lower())
        if key not in kinds:
            known = ", ".join(sorted(settings[section]))
            raise ValueError(f"{path}:{number}: no setting {key[1]}; there are {known}")
        if key in found:
            report(f"{path}:{number}: {key[1]} was set in line {found[key][1]} already")
        found[key] = (value.strip(), number)

    for key in kinds:
        variable = "_".join(key).upper()
        if variable in environment:
            found[key] = (environment[variable].strip(), None)

    for key, (value, number) in found.items():
        kind = kinds[key]
        where = f"{path}:{number}" if number else "_".join(key).upper()
        if kind == "text":
            if not value:
                raise ValueError(f"{where}: {key[1]} must not be empty")
            checked = value
        elif kind == "port":
            if not value.isdigit():
                raise ValueError(f"{where}: a port is a number, not {value}")
            checked = int(value)
            if not 1 <= checked <= 65535:
                raise ValueError(f"{where}: a port is 1 to 65535, not {value}")
        elif kind == "count":
            if not value.isdigit():
                raise ValueError(f"{where}: {key[1]} is a whole number, not {value}")
            checked = int(value)
            if checked > 1_000_000:
                raise ValueError(f"{where}: {key[1]} is too large: {value}")
        elif kind == "seconds":
            try:
                checked = float(value.removesuffix("s"))
            except ValueError:
                raise ValueError(f"{where}: {key[1]} is seconds, not {value}") from None
            if not 0 < checked < 86_400:
                raise ValueError(f"{where}: {key[1]} is between 0 and a day")
        elif kind == "switch":
            word = value.lower()
            if word in ("yes", "true", "on", "1"):
                checked = True
            elif word in ("no", "false", "off", "0"):
                checked = False
            else:
                raise ValueError(f"{where}: {key[1]} is yes or no, not {value}")
        elif kind == "level":
            checked = value.lower()
            if checked not in levels:
                known = ", ".join(levels)
                raise ValueError(f"{where}: {key[1]} is one of {known}, not {value}")
        elif kind == "url":
            scheme, separator, rest = value.partition("://")
            if not separator or scheme not in ("http", "https"):
                raise ValueError(f"{where}: {key[1]} begins with http:// or https://")
            if not rest or rest.startswith("/"):
                raise ValueError(f"{where}: {key[1]} names no host: {value}")
            checked = value.rstrip("/")
        else:
            if not value:
                checked = None
            elif value.startswith("~"):
                home = environment.get("HOME")
                if not home:
                    raise ValueError(f"{where}: {key[1]} needs HOME for {value}")
                checked = home + value[1:]
            elif value.startswith("/"):
                checked = value
            else:
                folder = path.rpartition("/")[0]
                checked = f"{folder}/{value}" if folder else value
        settings[key[0]][key[1]] = checked

    if settings["cache"]["folder"] is None:
        home = environment.get("HOME", "")
        settings["cache"]["folder"] = f"{home}/.cache/example"
        report(f"the cache is in {settings['cache']['folder']}")
    if settings["cache"]["megabytes"] == 0 and settings["cache"]["compress"]:
        report("compress has no effect without a cache")
        settings["cache"]["compress"] = False
    if settings["log"]["file"] is None and settings["log"]["rotate"] != 7:
        report("rotate has no effect without a log file")
    if settings["client"]["retries"] > 10:
        report(f"{settings['client']['retries']} retries may take long")
    total = settings["client"]["timeout"] * (1 + settings["client"]["retries"])
    if total > 600:
        report(f"a request may take {total:.0f} seconds")
    return settings
