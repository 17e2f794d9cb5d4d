namespace OpCollector.Cli.Input;

/// <summary>
/// The part of a file or a pipe that is in memory: its beginning is taken away when it has been looked at, and its end grows on demand.
/// What was given out stays good until it grows.
/// </summary>
internal sealed class InputWindow(Stream input)
{
    // Up to here a pipe is not made to wait for more than it has.
    const int Much = 1 << 20;

    byte[] _buffer = new byte[2 * Much];
    int _start;
    int _end;
    int _newline = -1;
    int _searched;

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(_start, _end - _start);

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(_start, _end - _start);

    public int Length => _end - _start;

    /// <summary>Whether nothing comes behind it.</summary>
    public bool IsLast { get; private set; }

    /// <summary>The line that it begins on.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>How many bytes there are before the line ends; -1 where its end is not in memory yet.</summary>
    public int LineLength
    {
        get
        {
            if (_newline < _start)
            {
                var from = Math.Max(_searched, _start);
                var length = _buffer.AsSpan(from, _end - from).IndexOf((byte)'\n');
                (_newline, _searched) = length < 0 ? (-1, _end) : (from + length, from + length);
            }

            return _newline < 0 ? -1 : _newline - _start;
        }
    }

    public void Skip(int count)
    {
        // Nothing to count before the end of a line that is known.
        if (_newline < _start + count)
        {
            Line += _buffer.AsSpan(_start, count).Count((byte)'\n');
        }

        _start += count;
    }

    /// <summary>Takes away the rest of the line, however long it is.</summary>
    public void SkipLine()
    {
        while (LineLength < 0 && !IsLast)
        {
            _start = _end;
            Grow();
        }

        _start = LineLength < 0 ? _end : _newline;
    }

    /// <summary>Takes away everything there is, and everything there would be.</summary>
    public void SkipAll() => (_start, IsLast) = (_end, true);

    /// <summary>Reads more; of what is long already a good deal more, or to look through it again would take longer and longer.</summary>
    public void Grow()
    {
        var wanted = Length > Much ? Length / 2 : 1;
        MakeRoom(wanted);
        while (wanted > 0 && !IsLast)
        {
            var read = input.Read(_buffer, _end, _buffer.Length - _end);
            IsLast = read == 0;
            _end += read;
            wanted -= read;
        }
    }

    void MakeRoom(int wanted)
    {
        Span.CopyTo(_buffer);
        (_searched, _newline) = (Math.Max(0, _searched - _start), -1);
        (_start, _end) = (0, Length);
        if (_buffer.Length - _end < wanted)
        {
            Array.Resize(ref _buffer, Math.Max(_end + wanted, _buffer.Length + (_buffer.Length / 2)));
        }
    }
}
