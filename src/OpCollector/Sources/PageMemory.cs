namespace OpCollector.Sources;

/// <summary>What later runs must know of a page, or of alarms, that the checkpoint does not say.</summary>
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
