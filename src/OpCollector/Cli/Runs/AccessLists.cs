using OpCollector.Access;
using OpCollector.Events;
using OpCollector.Sources;
using Serilog;

namespace OpCollector.Cli.Runs;

/// <summary>
/// Asks the source what its lists show now of the vault, the group or the person that somebody asks about. Where it tells nothing, the
/// events do.
/// </summary>
internal sealed class AccessLists(NameDirectory directory, AccessHistory history, TimeProvider time, ILogger log)
{
    // op is asked one after the other, and each answer takes seconds.
    const int MostGroups = 100;

    public async Task ReadAsync(Entity entity, CancellationToken ct)
    {
        if (!directory.HasNames)
        {
            log.Warning("This source has no lists of members and of access. The answer is from the events alone");
            return;
        }

        switch (entity.Kind)
        {
            case NameKind.Group:
                await ReadMembersAsync(entity, ct);
                await ReadListAsync(NameKind.Vault, entity, ct);
                break;
            case NameKind.Vault:
                if (await ReadListAsync(NameKind.User, entity, ct) && await ReadListAsync(NameKind.Group, entity, ct))
                {
                    await EachAsync(history.AsOf(time.GetUtcNow()).GrantsOn(entity).Select(grant => grant.Principal), ReadMembersAsync, ct);
                }

                break;
            default:
                if (await ReadListAsync(NameKind.Group, entity, ct) && await ReadListAsync(NameKind.Vault, entity, ct))
                {
                    await EachAsync(
                        history.AsOf(time.GetUtcNow()).HoldingsOf(entity).Select(held => held.Target),
                        (group, stop) => ReadListAsync(NameKind.Vault, group, stop),
                        ct);
                }

                break;
        }
    }

    async Task EachAsync(IEnumerable<Entity> entities, Func<Entity, CancellationToken, Task<bool>> readAsync, CancellationToken ct)
    {
        Entity[] groups = [.. entities.Where(each => each.Kind == NameKind.Group)];
        foreach (var group in groups.Take(MostGroups))
        {
            if (!await readAsync(group, ct))
            {
                return;
            }
        }

        if (groups.Length > MostGroups)
        {
            log.Warning(
                "The lists of {Groups:l} were read. Of {Others:l} the events alone tell",
                Quantity.Format(MostGroups, "group"),
                Quantity.Format(groups.Length - MostGroups, "other"));
        }
    }

    Task<bool> ReadMembersAsync(Entity group, CancellationToken ct) => TryAsync(async () =>
    {
        var members = await directory.ListNamesAsync(new NamesInGroup(group.Uuid), ct);
        Add(group, NameKind.User, members.ToDictionary(each => each.Uuid, each => AccessChange.RightOf(each.Role)));
        AddNames(NameKind.User, members);
    });

    Task<bool> ReadListAsync(NameKind shows, Entity principal, CancellationToken ct) => TryAsync(async () =>
    {
        var listed = await directory.ListNamesAsync(new NamesByAccess(shows, principal.Kind, principal.Uuid), ct);
        AddNames(shows, listed);
        Add(principal, shows, listed.ToDictionary(each => each.Uuid, _ => (string?)null));
    });

    void AddNames(NameKind kind, IEnumerable<ListedEntity> listed)
    {
        foreach (var each in listed.Where(each => each.HasName))
        {
            history.AddName(kind, each.Uuid, each.Name, each.Email);
        }
    }

    void Add(Entity principal, NameKind shows, Dictionary<string, string?> rights) =>
        history.Add(new AccessList(principal.Kind, principal.Uuid, shows, rights, time.GetUtcNow()));

    /// <returns>Whether there is a list.</returns>
    async Task<bool> TryAsync(Func<Task> readAsync)
    {
        try
        {
            await readAsync();
            return true;
        }
        catch (Failure failure)
        {
            log.Warning("{Reason:l}. The answer is from the events alone", failure.Message.TrimEnd('.'));
            return false;
        }
    }
}
