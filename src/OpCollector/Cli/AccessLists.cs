using OpCollector.Access;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Sources;
using Serilog;

namespace OpCollector.Cli;

/// <summary>
/// Asks the source what its lists show now of the vault or the group that somebody asks about. Where it tells nothing, the events do.
/// </summary>
internal sealed class AccessLists(NameDirectory directory, AccessHistory history, TimeProvider time, ILogger log)
{
    // op is asked one after the other, and each answer takes seconds.
    const int MostGroups = 100;

    public async Task ReadAsync(Thing thing, CancellationToken ct)
    {
        if (!directory.HasNames)
        {
            return;
        }

        if (thing.Kind == NameKind.Group)
        {
            await ReadMembersAsync(thing.Uuid, ct);
        }
        else if (thing.Kind == NameKind.Vault
            && await ReadOfVaultAsync(NameKind.User, thing.Uuid, ct)
            && await ReadOfVaultAsync(NameKind.Group, thing.Uuid, ct))
        {
            var groups = history.At(time.GetUtcNow()).GrantsOn(thing).Select(grant => grant.Of).Where(of => of.Kind == NameKind.Group);
            foreach (var group in groups.Take(MostGroups).ToArray())
            {
                await ReadMembersAsync(group.Uuid, ct);
            }
        }
    }

    Task<bool> ReadMembersAsync(string group, CancellationToken ct) => ReadAsync(
        NameKind.Group, group, NameKind.User, async () => NameListJson.ReadMembers(await directory.ListMembersAsync(group, ct)));

    Task<bool> ReadOfVaultAsync(NameKind shows, string vault, CancellationToken ct) => ReadAsync(
        NameKind.Vault, vault, shows, async () => NameListJson.Read(await directory.ListOfVaultAsync(shows, vault, ct)));

    /// <returns>Whether there is a list.</returns>
    async Task<bool> ReadAsync(NameKind kind, string uuid, NameKind shows, Func<Task<IReadOnlyList<NamedThing>>> list)
    {
        try
        {
            var shown = await list();
            history.Add(new AccessList(kind, uuid, shows, [.. shown.Select(each => each.Uuid)], time.GetUtcNow()));
            foreach (var each in shown)
            {
                history.Learn(shows, each.Uuid, each.Name, each.Email);
            }

            return true;
        }
        catch (Failure failure)
        {
            log.Warning("{Reason:l}. The answer is from the events alone", failure.Message.TrimEnd('.'));
            return false;
        }
    }
}
