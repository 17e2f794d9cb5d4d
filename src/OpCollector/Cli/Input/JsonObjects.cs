using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Cli.Input;

/// <summary>
/// The objects in a file or a pipe, one after the other, however they are written: one on each line, over several lines, in lists and lists
/// of lists, several documents behind one another. Never more than one object is held; behind a text that is not JSON it goes on with
/// the next line.
/// </summary>
internal sealed class JsonObjects(Stream input)
{
    /// <summary>A page of the Events API has a few megabytes at most.</summary>
    public const int LongestObject = 32 << 20;

    const string NoObject = "is not a JSON object";
    const byte RecordSeparator = 0x1E;

    // Of UTF-8, which some programs write before a text.
    static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    readonly InputWindow _input = new(input);
    long _openLists;
    long _bytesWithoutObject;

    /// <summary>The next object, its bytes good until the one after it; null at the end.</summary>
    public FoundObject? Next()
    {
        while (SkipSpace())
        {
            switch (_input.Span[0])
            {
                case (byte)'[':
                    _openLists++;
                    _input.Skip(1);
                    break;
                case (byte)']' when _openLists > 0:
                    _openLists--;
                    _input.Skip(1);
                    break;
                case (byte)'{':
                    return OnOneLine() ?? OverLines();
                default:
                    if (Other() is { } other)
                    {
                        return other;
                    }

                    break;
            }
        }

        return _openLists > 0 && (_openLists = 0) == 0 ? NotFound("ends in the middle of a list") : null;
    }

    // After so many bytes without an object there are none that take several lines.
    bool ReadsLinesOnly => _bytesWithoutObject >= LongestObject;

    FoundObject? OnOneLine()
    {
        while (ReadsLinesOnly && _input.LineLength < 0 && !_input.IsLast && _input.Length < LongestObject)
        {
            _input.Grow();
        }

        var length = _input.LineLength;
        if (length < 0 && !_input.IsLast)
        {
            return null;
        }

        var line = (length < 0 ? _input.Memory : _input.Memory[..length]).TrimEnd(_openLists > 0 ? " \t\r,"u8 : " \t\r"u8);
        if (line.Span[^1] != (byte)'}')
        {
            return null;
        }

        try
        {
            // Findings are lines, and hold the event.
            return Found(line, _openLists > 0 ? PageJson.Compact(line) : line);
        }
        catch (NoJsonException)
        {
            return null;
        }
    }

    FoundObject OverLines()
    {
        var (state, read) = (new JsonReaderState(PageJson.ReaderOptions), 0);
        try
        {
            while (!ReadsLinesOnly)
            {
                if (Find(ref state, ref read) is { } bytes)
                {
                    return Found(bytes, PageJson.Compact(bytes));
                }

                if (_input.Length >= LongestObject)
                {
                    return Skipped($"is longer than {LongestObject >> 20} MB", read);
                }

                _input.Grow();
            }
        }
        catch (Exception ex) when (ex is JsonException or NoJsonException)
        {
            // A line that was cut off, mostly, and the next one is whole again.
        }

        return Skipped(NoObject, read);
    }

    ReadOnlyMemory<byte>? Find(ref JsonReaderState state, ref int read)
    {
        var reader = new Utf8JsonReader(_input.Span[read..], _input.IsLast, state);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 0)
                {
                    return _input.Memory[..(read + (int)reader.BytesConsumed)];
                }
            }
        }
        finally
        {
            read += (int)reader.BytesConsumed;
        }

        state = reader.CurrentState;
        return null;
    }

    /// <param name="text">As the input has it.</param>
    FoundObject Found(ReadOnlyMemory<byte> text, ReadOnlyMemory<byte> bytes)
    {
        var found = new FoundObject(bytes, UntaggedEvent.Read(bytes), _input.Line, null);
        _input.Skip(text.Length);
        return found;
    }

    FoundObject NotFound(string wrong) => new(default, default, _input.Line, wrong);

    FoundObject Skipped(string wrong, int read)
    {
        _bytesWithoutObject += _input.LineLength < 0 ? 0 : Math.Max(0, read - _input.LineLength);
        var found = NotFound(wrong);
        _input.SkipLine();
        return found;
    }

    /// <summary>What is neither object nor list: <c>null</c> is an empty page, anything else is wrong.</summary>
    FoundObject? Other()
    {
        while (_input.Length < "null,"u8.Length && !_input.IsLast)
        {
            _input.Grow();
        }

        if (_input.Line == 1 && _input.Span[0] is 0xFF or 0xFE)
        {
            _input.SkipAll();
            return NotFound("is UTF-16, and UTF-8 is wanted");
        }

        if (!_input.Span.StartsWith("null"u8))
        {
            return Skipped(NoObject, 0);
        }

        _input.Skip("null"u8.Length);
        return null;
    }

    /// <returns>Whether something follows.</returns>
    bool SkipSpace()
    {
        while (true)
        {
            var space = SpaceBefore(_input.Span);
            _input.Skip(space);
            if (_input.Length > 0 || _input.IsLast)
            {
                return _input.Length > 0;
            }

            _input.Grow();
        }
    }

    /// <returns>How many bytes of it are between objects.</returns>
    int SpaceBefore(ReadOnlySpan<byte> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is (byte)'\n' or (byte)' ' or (byte)'\t' or (byte)'\r' or RecordSeparator
                || (_openLists > 0 && text[at] == (byte)','))
            {
                continue;
            }

            if (!text[at..].StartsWith(ByteOrderMark))
            {
                return at;
            }

            at += ByteOrderMark.Length - 1;
        }

        return text.Length;
    }
}

/// <summary>A JSON object in a file, or what is in its place.</summary>
/// <param name="Line">The line that it begins on.</param>
/// <param name="Wrong">Why it is not an object, as the end of a sentence; null where it is one.</param>
internal readonly record struct FoundObject(ReadOnlyMemory<byte> Bytes, UntaggedEvent Marks, long Line, string? Wrong);
