using System.Globalization;

namespace OpCollector.Tests.Support;

/// <summary>
/// An op that costs next to nothing, for long histories: event N of <c>count</c> has the id N, and "newer" gives the newest 100,
/// so that everything must be walked back to.
/// </summary>
internal static class CheapOp
{
    public static string Write(Sandbox host, int count)
    {
        var path = Path.Combine(host.Root, "op");
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $$"""
            #!/bin/sh
            from={{count + 1}}
            side=newest
            case "$1" in
              --version) echo 1.12.9; exit ;;
              signin) cat >/dev/null; echo AGnZ0607njffhrEOak8P6jjyUV4TU3sn9jjARc4svHW; exit ;;
              signout) exit ;;
            esac
            for word; do
              case "$word" in
                --eventid=*) from=${word#--eventid=}; [ $side = older ] || side=newer ;;
                --older) side=older ;;
              esac
            done
            exec awk -v from="$from" -v side=$side -v last={{count}} 'BEGIN {
              high = side == "older" ? from - 1 : last
              low = high - 99; if (low < 1) low = 1
              if (side == "newer" && low <= from) low = from + 1
              for (eid = high; eid >= low; eid--)
                printf "%s{\"eid\":%d,\"time\":\"2026-09-01T00:00:00Z\",\"actorUuid\":\"CTHSZQHLERKQXM2YFC3S4U5ZU4\",\"action\":\"patch\",\"objectType\":\"items\",\"objectUuid\":\"d2k73hwo5xsmh5gwed5sg3mchi\",\"auxInfo\":\"1\"}", (eid == high ? "[" : ","), eid
              print (high < low ? "[]" : "]")
            }'

            """));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
