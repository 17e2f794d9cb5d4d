namespace OpCollector.Sources;

/// <summary>What a source must know of a page in later runs, beside the position.</summary>
internal abstract class PageMemory
{
    /// <summary>Makes it durable: after all of the page is delivered, and before the checkpoint passes it.</summary>
    /// <exception cref="Failure">It is not on the disk (74).</exception>
    public abstract void Write();
}

/// <summary>The memory of a page that is known by its position alone.</summary>
internal sealed class NothingToRemember : PageMemory
{
    public override void Write()
    {
        // The checkpoint says it.
    }
}
