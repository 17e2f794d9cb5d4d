using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text.Json;
using OpEmulator.Streams;

namespace OpEmulator;

/// <summary>Tells tests how op was called, one JSON line a call, written before anything can go wrong.</summary>
internal static class Journal
{
    public static void Append(string path, long call, string command, string[] args, StandardInputKind input)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteNumber("call", call);
            json.WriteNumber("pid", Environment.ProcessId);
            json.WriteString("command", command);
            WriteNames(json, "args", args);
            WriteNames(json, "env", VariableNames());
            json.WriteString("stdin", StandardInputName(input));
            json.WriteString("started", DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(line.WrittenSpan);
    }

    static string StandardInputName(StandardInputKind kind) => kind switch
    {
        StandardInputKind.Pipe => "pipe",
        StandardInputKind.Null => "null",
        StandardInputKind.Terminal => "tty",
        StandardInputKind.Socket => "socket",
        StandardInputKind.File => "file",
        _ => "closed",
    };

    static List<string> VariableNames()
    {
        var names = new List<string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            names.Add((string)variable.Key);
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    static void WriteNames(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
