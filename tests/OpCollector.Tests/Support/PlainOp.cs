namespace OpCollector.Tests.Support;

/// <summary>
/// An op that costs next to nothing and shows the log that lies beside it: an item on each line, behind its position and a tab.
/// For tests that need hundreds of runs.
/// </summary>
internal sealed class PlainOp
{
    readonly string _log;

    /// <param name="newestFirst">"Newer" gives the newest 100, so that everything must be walked back to; else the next 100.</param>
    public PlainOp(string directory, bool newestFirst = false)
    {
        FullPath = Path.Combine(directory, "op");
        _log = FullPath + ".log";
        File.WriteAllText(_log, "");
        File.WriteAllText(FullPath, $$"""
            #!/bin/sh
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
            exec awk -F '\t' -v from="$from" -v side=$side -v newest={{(newestFirst ? 1 : 0)}} '
              side == "older" && $1 >= from || side == "newer" && $1 <= from { next }
              { items[++count] = $2 }
              END {
                first = side == "newer" && !newest || count < 100 ? 1 : count - 99
                last = first + 99 < count ? first + 99 : count
                for (i = first; i <= last; i++) printf "%s%s", (i == first ? "[" : ","), items[i]
                print (count ? "]" : "[]")
              }' '{{_log}}'

            """);
        File.SetUnixFileMode(FullPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string FullPath { get; }

    /// <summary>Adds events a minute apart, the last of them now.</summary>
    public long[] Log(int count, long first)
    {
        var eids = Enumerable.Range(0, count).Select(i => first + (7L * i)).ToArray();
        File.AppendAllLines(_log, eids.Select((eid, i) => $"{eid}\t{Account.Event(eid, DateTimeOffset.UtcNow.AddMinutes(i - count))}"));
        return eids;
    }

    /// <summary>Adds an item that is no event.</summary>
    public void Log(long position, string item) => File.AppendAllLines(_log, [$"{position}\t{item}"]);
}
