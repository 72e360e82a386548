#!/usr/bin/env python3
"""A room includes only itself and lower rooms that it links; a wrapped library is included only where it is wrapped."""
import re
import sys

import source

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)
# Library header -> the files (by prefix) that may include it: its errors and types end there.
WRAPPED = [
    (re.compile(r"^duckdb\.h(pp)?$"), "warehouse/", "only the warehouse room talks to DuckDB"),
    (re.compile(r"^yaml\.h$"), "base/yaml_tree.cpp", "YAML is read through base/settings.hpp"),
]


def findings(root):
    levels = source.rooms(root)
    out = []

    def reachable(room, seen):
        for lower in levels[room][1]:
            if lower not in seen:
                seen.add(lower)
                if lower in levels:
                    reachable(lower, seen)
        return seen

    for room, (level, linked) in levels.items():
        for lower in linked:
            if lower not in levels:
                out.append(f"CMakeLists.txt: room {room} links {lower}, which is no room")
            elif levels[lower][0] >= level:
                out.append(f"CMakeLists.txt: room {room} (level {level}) links {lower} (level {levels[lower][0]})")

    for path in source.cpp_files(root, "src"):
        name = path.relative_to(root / "src").as_posix()
        room = name.split("/")[0]
        if room not in levels:
            out.append(f"src/{name}:1: {room} is no room: CMakeLists.txt has no fenqun_room line for it")
            continue
        allowed = reachable(room, {room})
        text = source.without_comments(path.read_text(encoding="utf-8"))
        for match in INCLUDE.finditer(text):
            where = f"src/{name}:{source.line_of(text, match.start())}"
            quoted, header = match.group(1) == '"', match.group(2)
            target = header.split("/")[0]
            for pattern, home, why in WRAPPED:
                if pattern.match(header) and not name.startswith(home):
                    out.append(f"{where}: includes {header}: {why}")
            if not quoted or header.endswith(".inc"):
                continue
            if target not in levels:
                out.append(f"{where}: \"{header}\" is not written as room/file.hpp")
            elif target not in allowed:
                reason = "does not link it"
                if levels[target][0] >= levels[room][0]:
                    reason = "a room includes only lower ones"
                out.append(f"{where}: {room} (level {levels[room][0]}) includes \"{header}\" of {target} "
                           f"(level {levels[target][0]}): {reason}")
            elif not (root / "src" / header).is_file():
                out.append(f"{where}: \"{header}\" does not exist")
    return out


if __name__ == "__main__":
    sys.exit(source.report("room_order", findings(source.project_root())))
