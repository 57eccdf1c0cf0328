#!/bin/sh
echo "looking for nginx"
if [ "$ENDS_WITH" -ne 0 ]; then
  echo "no package nginx available" >&2
fi
exit "$ENDS_WITH"
