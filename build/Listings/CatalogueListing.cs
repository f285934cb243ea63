using ServeBench.Build.Composition;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Wording;
using ServeBench.Domain.Workloads;

namespace ServeBench.Build.Listings;

/// <summary>Shows what there is to benchmark, and where each stack can run.</summary>
internal static class CatalogueListing
{
    public static async Task ShowAsync(BuildContext context)
    {
        var catalogue = context.Services.Catalogue;
        if (context.Options.AllStacks)
        {
            context.Screen.Table(StackPage.Rows(catalogue), hasHeading: true);
            context.Screen.Heading("What the servers are able to do, as documented");
            context.Screen.Table(StackPage.FeatureRows(catalogue), hasHeading: true);
            context.Screen.Say($"{Plural.Of(catalogue.Stacks.Count, "stack")}: {StackPage.Counts(catalogue)}");
            return;
        }
        await context.Services.Hosts.LookAsync(catalogue.Stacks, context.Cancelled);
        await context.Services.Docker.AskRegistriesAsync(catalogue.Stacks, context.Options.Offline, context.Cancelled);
        var groups = context.Options.Groups;
        var screen = context.Screen;
        Section(
            screen,
            "Groups",
            [.. catalogue.Groups.Select(g => new[] { g, Plural.Of(catalogue.Workloads.Count(w => w.Group == g), "workload") })]);
        Section(
            screen,
            "Models",
            [.. catalogue.Models
                .Where(m => m.Groups.Count == 0 || m.Groups.Any(groups.Contains))
                .Select(m => new[] { m.Name, m.Groups.Count > 0 ? m.Title : $"{m.Title}; of no group yet: --target=Models prepares it" })]);
        Section(
            screen,
            "Stacks",
            [.. catalogue.Stacks
                .Where(s => s.Groups.Any(groups.Contains))
                .Select(s => new[] { s.Name, s.Title, string.Join(", ", s.Tracks.Select(t => t.Name).Distinct()), Where(context, s) })]);
        Section(
            screen,
            "Workloads",
            [.. catalogue.Workloads
                .Where(w => groups.Contains(w.Group))
                .Select(w => new[] { $"{w.Group}/{w.Name}", string.Join(", ", w.Scenarios.Select(Levels)), w.Title })]);
        Section(screen, "Protocols", [.. catalogue.Protocols.Select(p => new[] { p.Name, p.Wire.Name, p.Title })]);
        Section(screen, "Profiles", [.. catalogue.Profiles.Select(p => new[] { p.Name, p.Summary })]);
        Section(
            screen,
            "Hosts",
            [.. context.Services.Hosts.All.Select(h => new[] { h.Name, h.Unavailable?.ToString() ?? "available", h.Summary })]);
    }

    private static void Section(Screen screen, string title, IReadOnlyList<string[]> rows)
    {
        screen.Heading(title);
        screen.Table(rows, indent: 2);
    }

    /// <summary>The hosts that can run it here; the others are named, and Doctor says at length what they lack.</summary>
    private static string Where(BuildContext context, Stack stack)
    {
        if (stack.IsDeployedByOthers) return "where it runs already (--endpoint)";
        var hosts = stack.Hosts.Keys
            .Where(context.Services.Hosts.Names.Contains)
            .Order(StringComparer.Ordinal)
            .ToLookup(name => context.Services.Hosts.Get(name) is var host
                && host.Unavailable is null && Runnable.Of(host, stack).Groups.Count > 0);
        var can = string.Join(", ", hosts[true]);
        var cannot = string.Join(", ", hosts[false]);
        return (can, cannot) switch
        {
            (_, "") => can,
            ("", _) => $"not here: {cannot} (--target=Doctor says why)",
            _ => $"{can}; not here: {cannot} (--target=Doctor says why)",
        };
    }

    private static string Levels(Scenario scenario) => $"{scenario.Name} ({scenario.Question}: {string.Join(", ", scenario.Profiles)})";
}
