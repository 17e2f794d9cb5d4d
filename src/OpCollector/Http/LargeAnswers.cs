namespace OpCollector.Http;

/// <summary>
/// Lets those who read answers side by side hold one large answer at a time, all together: the next one is read on when the first is
/// delivered. Answers of the usual size never wait.
/// </summary>
internal sealed class LargeAnswers : IDisposable
{
    readonly SemaphoreSlim _free = new(1);

    /// <summary>One reader's turn, which is not taken yet.</summary>
    /// <param name="notBefore">What has to come before it; null where nothing has to.</param>
    public Turn NewTurn(Task? notBefore = null) => new(_free, notBefore ?? Task.CompletedTask);

    public void Dispose() => _free.Dispose();

    /// <summary>A reader's turn to hold what is large, taken when it is needed and given back when that is delivered.</summary>
    internal sealed class Turn(SemaphoreSlim free, Task notBefore)
    {
        bool _isTaken;

        /// <summary>Waits until no other reader holds anything large.</summary>
        public async Task WaitAsync(CancellationToken ct)
        {
            if (!_isTaken)
            {
                await notBefore.WaitAsync(ct);
                await free.WaitAsync(ct);
                _isTaken = true;
            }
        }

        public void GiveBack()
        {
            if (_isTaken)
            {
                _isTaken = false;
                free.Release();
            }
        }
    }
}
