using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpCollector.Reporting;

/// <summary>How a collector is doing, for a program; the members are a promise (docs/monitoring.md).</summary>
internal static class StatusJson
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One line; what is not there is null.</summary>
    /// <param name="isStale">Whether the last good run is too old; null where nobody asked.</param>
    public static ReadOnlyMemory<byte> Line(CollectorStatus status, bool? isStale)
    {
        var line = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(line, Options);
        json.WriteStartObject();
        WriteStatus(json, status, isStale);
        return Ended(json, line);
    }

    /// <summary>One line for all collectors of a database.</summary>
    /// <param name="maxAge">How old the last good run of one may be; null where nobody asked.</param>
    public static ReadOnlyMemory<byte> Line(IReadOnlyList<NamedStatus> statuses, TimeSpan? maxAge)
    {
        var line = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(line, Options);
        json.WriteStartObject();
        json.WriteStartArray("collectors"u8);
        foreach (var (name, status, holder) in statuses)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, name);
            Object(json, "holder", holder is not null, () =>
            {
                json.WriteString("host"u8, holder!.Text);
                json.WriteString("since"u8, holder.Since);
            });
            json.WriteString("damage"u8, status.Damage?.Message);
            WriteStatus(json, status, maxAge is { } age ? status.IsOlderThan(age) : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        return Ended(json, line);
    }

    static ReadOnlyMemory<byte> Ended(Utf8JsonWriter json, ArrayBufferWriter<byte> line)
    {
        json.WriteEndObject();
        json.Flush();
        line.Write("\n"u8);
        return line.WrittenMemory;
    }

    static void WriteStatus(Utf8JsonWriter json, CollectorStatus status, bool? isStale)
    {
        json.WriteString("now"u8, status.Now);
        if (isStale is { } stale)
        {
            json.WriteBoolean("stale"u8, stale);
        }

        var last = status.LastRun;
        Object(json, "lastRun", last is not null, () => WriteRun(json, last!));
        Time(json, "lastGoodRun", last?.LastGood);
        Object(json, "delivered", last?.Totals is not null, () => WriteTotals(json, last!.Totals!));
        json.WriteNumber("findingsInLastDay"u8, last?.FoundSince(status.Now) ?? 0);
        Object(json, "checkpoint", status.Checkpoint is not null, () => WriteCheckpoint(json, status));
        Object(json, "quarantine", exists: true, () =>
        {
            json.WriteNumber("items"u8, status.Quarantined);
            Time(json, "oldest", status.OldestQuarantined);
        });
        Object(json, "walk", status.Walk is not null, () =>
        {
            json.WriteNumber("bytes"u8, status.Walk!.Value.Bytes);
            json.WriteString("lastPage"u8, status.Walk.Value.Changed);
        });
        WriteBackfills(json, status);
    }

    static void WriteBackfills(Utf8JsonWriter json, CollectorStatus status)
    {
        json.WriteStartArray("backfills"u8);
        foreach (var (file, position) in status.Backfills)
        {
            json.WriteStartObject();
            json.WriteString("file"u8, file);
            json.WriteString("position"u8, position);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteRun(Utf8JsonWriter json, LastRun run)
    {
        json.WriteString("started"u8, run.Started);
        json.WriteString("ended"u8, run.Ended);
        json.WriteNumber("exitCode"u8, run.ExitCode);
        json.WriteString("result"u8, ExitCodes.Describe((ExitCode)run.ExitCode));
        json.WriteString("message"u8, run.Message is null ? null : ForeignText.Line(Redaction.Redact(run.Message)));
        json.WriteNumber("events"u8, run.Delivered);
        json.WriteNumber("findings"u8, run.Findings);
        json.WriteNumber("quarantined"u8, run.Quarantined);
        json.WriteNumber("dropped"u8, run.Dropped);
    }

    static void WriteTotals(Utf8JsonWriter json, RunTotals totals)
    {
        json.WriteString("since"u8, totals.Since);
        json.WriteNumber("runs"u8, totals.Runs.Values.Sum());
        json.WriteNumber("events"u8, totals.Events);
        json.WriteNumber("findings"u8, totals.Findings);
        json.WriteNumber("quarantined"u8, totals.Quarantined);
        json.WriteNumber("dropped"u8, totals.Dropped);
    }

    static void WriteCheckpoint(Utf8JsonWriter json, CollectorStatus status)
    {
        var position = status.Checkpoint!.Position;
        json.WriteString("source"u8, position.Source);
        json.WriteString("position"u8, position.Text);
        Time(json, "written", status.CheckpointWritten);
        Time(json, "lastEvent", position.LastEventTime);
        if (status.Lag is { } lag)
        {
            json.WriteNumber("lagSeconds"u8, (long)lag.TotalSeconds);
        }
        else
        {
            json.WriteNull("lagSeconds"u8);
        }

        Object(json, "streams", position.LastEventTimes.Count > 0, () =>
        {
            foreach (var (stream, lastEvent) in position.LastEventTimes)
            {
                Time(json, stream, lastEvent);
            }
        });
    }

    static void Object(Utf8JsonWriter json, string name, bool exists, Action members)
    {
        if (!exists)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        members();
        json.WriteEndObject();
    }

    static void Time(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            json.WriteString(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
