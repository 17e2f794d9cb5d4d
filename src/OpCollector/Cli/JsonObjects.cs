using System.Text;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Cli;

/// <summary>
/// The objects in a file or a pipe, one after the other, however they lie in it: one on each line, over several lines, in lists and lists
/// of lists, several documents behind one another. Never more than one object is held; behind what is no JSON it goes on with the next
/// line.
/// </summary>
internal sealed class JsonObjects(Stream input)
{
    /// <summary>A page of the Events API has a few megabytes at most.</summary>
    public const int LongestObject = 32 << 20;

    const string NoObject = "is no JSON object";
    const byte RecordSeparator = 0x1E;

    // Up to here a pipe is not made to wait for more than it has.
    const int Much = 1 << 20;

    byte[] _buffer = new byte[2 * Much];
    int _start;
    int _end;
    int _newline = -1;
    int _searched;
    bool _isEnded;
    long _line = 1;
    long _lists;
    long _inVain;

    /// <summary>The next object, its bytes good until the one after it; null at the end.</summary>
    public FoundObject? Next()
    {
        while (SkipSpace())
        {
            switch (_buffer[_start])
            {
                case (byte)'[':
                    _lists++;
                    _start++;
                    break;
                case (byte)']' when _lists > 0:
                    _lists--;
                    _start++;
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

        return _lists > 0 && (_lists = 0) == 0 ? new FoundObject(default, default, _line, "ends in the middle of a list") : null;
    }

    // What has been looked through so much in vain has no objects over several lines.
    bool IsTired => _inVain >= LongestObject;

    FoundObject? OnOneLine()
    {
        while (IsTired && NewLine() < 0 && !_isEnded && _end - _start < LongestObject)
        {
            More();
        }

        var end = NewLine() < 0 && _isEnded ? _end : NewLine();
        if (end < 0)
        {
            return null;
        }

        var line = _buffer.AsMemory(_start, end - _start).TrimEnd(_lists > 0 ? " \t\r,"u8 : " \t\r"u8);
        if (line.Span[^1] != (byte)'}')
        {
            return null;
        }

        try
        {
            // Findings are lines, and hold the event.
            var bytes = _lists > 0 ? PageJson.Compact(line) : line;
            var found = new FoundObject(bytes, UntaggedEvent.Read(bytes), _line, null);
            _start += line.Length;
            return found;
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
            while (!IsTired)
            {
                if (Find(ref state, ref read) is { } bytes)
                {
                    return Found(bytes);
                }

                if (_end - _start >= LongestObject)
                {
                    return Skipped($"is longer than {LongestObject >> 20} MB", read);
                }

                More();
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
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start + read, _end - _start - read), _isEnded, state);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == 0)
                {
                    return _buffer.AsMemory(_start, read + (int)reader.BytesConsumed);
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

    FoundObject Found(ReadOnlyMemory<byte> bytes)
    {
        var compact = PageJson.Compact(bytes);
        var found = new FoundObject(compact, UntaggedEvent.Read(compact), _line, null);
        _line += bytes.Span.Count((byte)'\n');
        _start += bytes.Length;
        return found;
    }

    FoundObject Skipped(string wrong, int read)
    {
        _inVain += NewLine() < 0 ? 0 : Math.Max(0, read - (NewLine() - _start));
        var found = new FoundObject(default, default, _line, wrong);
        while (NewLine() < 0 && !_isEnded)
        {
            _start = _end;
            More();
        }

        _start = NewLine() < 0 ? _end : NewLine();
        return found;
    }

    /// <summary>What is neither object nor list: <c>null</c> is an empty page, anything else is wrong.</summary>
    FoundObject? Other()
    {
        while (_end - _start < "null,"u8.Length && !_isEnded)
        {
            More();
        }

        if (_line == 1 && _buffer[_start] is 0xFF or 0xFE)
        {
            (_start, _isEnded) = (_end, true);
            return new FoundObject(default, default, _line, "is UTF-16, and UTF-8 is wanted");
        }

        if (!_buffer.AsSpan(_start, _end - _start).StartsWith("null"u8))
        {
            return Skipped(NoObject, 0);
        }

        _start += "null"u8.Length;
        return null;
    }

    /// <returns>Whether something follows.</returns>
    bool SkipSpace()
    {
        while (true)
        {
            for (; _start < _end; _start++)
            {
                if (_buffer[_start] == (byte)'\n')
                {
                    _line++;
                }
                else if (_buffer.AsSpan(_start, _end - _start).StartsWith(Encoding.UTF8.Preamble))
                {
                    _start += Encoding.UTF8.Preamble.Length - 1;
                }
                else if (!(_buffer[_start] is (byte)' ' or (byte)'\t' or (byte)'\r' or RecordSeparator
                    || (_lists > 0 && _buffer[_start] == (byte)',')))
                {
                    return true;
                }
            }

            if (_isEnded)
            {
                return false;
            }

            More();
        }
    }

    /// <summary>Where the line ends; -1 where that is not read yet.</summary>
    int NewLine()
    {
        if (_newline < _start)
        {
            var from = Math.Max(_searched, _start);
            var length = _buffer.AsSpan(from, _end - from).IndexOf((byte)'\n');
            (_newline, _searched) = length < 0 ? (-1, _end) : (from + length, from + length);
        }

        return _newline;
    }

    void More()
    {
        // Of what is long already a good deal more, or looking it through again would take longer and longer.
        var wanted = _end - _start > Much ? (_end - _start) / 2 : 1;
        Move(wanted);
        while (wanted > 0 && !_isEnded)
        {
            var read = input.Read(_buffer, _end, _buffer.Length - _end);
            _isEnded = read == 0;
            _end += read;
            wanted -= read;
        }
    }

    void Move(int wanted)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_searched, _newline) = (Math.Max(0, _searched - _start), -1);
        (_start, _end) = (0, _end - _start);
        if (_buffer.Length - _end < wanted)
        {
            Array.Resize(ref _buffer, Math.Max(_end + wanted, _buffer.Length + (_buffer.Length / 2)));
        }
    }
}
