namespace OpCollector.Report;

/// <summary>
/// The place of an event in a list, filled again and again: of a million events each is kept for a while, and as objects of their own they
/// would all have to be collected late.
/// </summary>
internal sealed class EventSlot
{
    char[] _text = [];
    string _stream = "";
    int _id;
    int _length;
    DateTimeOffset? _time;

    public long Ticks { get; private set; }

    public string Id => new(_text, 0, _id);

    public ShownEvent Event => new(_time, _stream, Id, new string(_text, _id, _length - _id));

    public void Fill(ShownEvent each)
    {
        (_time, _stream, Ticks) = (each.Time, each.Stream, each.Ticks);
        (_id, _length) = (each.Id.Length, each.Id.Length + each.Sentence.Length);
        if (_text.Length < _length)
        {
            _text = new char[_length];
        }

        each.Id.CopyTo(_text);
        each.Sentence.CopyTo(_text.AsSpan(_id));
    }
}
