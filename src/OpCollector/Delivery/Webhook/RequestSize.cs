using OpCollector.Delivery.Formats;

namespace OpCollector.Delivery.Webhook;

/// <summary>How much the receiver takes in one request; less, once it has said that something was too much for it.</summary>
internal sealed class RequestSize(Format format)
{
    int _mostBytes = format.MostBytes;

    /// <summary>The batch in requests that the receiver takes, in order.</summary>
    public IEnumerable<Batch> Cut(Batch batch) => format.Cut(batch, _mostBytes);

    /// <summary>The receiver does not take a request of so many bytes.</summary>
    public void Exceed(int bytes) => _mostBytes = Math.Min(_mostBytes, bytes / 2);
}
