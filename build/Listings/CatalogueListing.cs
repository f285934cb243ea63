using ServeBench.Build.Composition;
using ServeBench.Build.Terminal;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Workloads;

namespace ServeBench.Build.Listings;

/// <summary>Shows what there is to benchmark, and where each stack can run.</summary>
internal static class CatalogueListing
{
    public static Task ShowAsync(BuildContext context)
    {
        var catalogue = context.Services.Catalogue;
        var groups = context.Options.Groups;
        var screen = context.Screen;
        Section(screen, "Groups", [.. catalogue.Groups.Select(g => new[] { g, Counted(catalogue.Workloads.Count(w => w.Group == g), "workload") })]);
        Section(screen, "Models", [.. catalogue.Models.Where(m => m.Groups.Any(groups.Contains)).Select(m => new[] { m.Name, m.Title })]);
        Section(screen, "Stacks", [.. catalogue.Stacks.Where(s => s.Groups.Any(groups.Contains)).Select(s => new[] { s.Name, string.Join(", ", s.Tracks.Select(t => t.Name)), Where(context, s), s.Title })]);
        Section(screen, "Workloads", [.. catalogue.Workloads.Where(w => groups.Contains(w.Group)).Select(w => new[] { $"{w.Group}/{w.Name}", string.Join(", ", w.Scenarios.Select(Levels)), w.Title })]);
        Section(screen, "Protocols", [.. catalogue.Protocols.Select(p => new[] { p.Name, p.Transport.Name, p.Title })]);
        Section(screen, "Profiles", [.. catalogue.Profiles.Select(p => new[] { p.Name, p.Summary })]);
        Section(screen, "Hosts", [.. context.Services.Hosts.All.Select(h => new[] { h.Name, h.Unavailable()?.ToString() ?? "available", h.Summary })]);
        return Task.CompletedTask;
    }

    private static void Section(Screen screen, string title, IReadOnlyList<string[]> rows)
    {
        screen.Heading(title);
        foreach (var line in Columns.Align(rows)) screen.Say("  " + line);
    }

    private static string Where(BuildContext context, Stack stack) => string.Join(", ", stack.Hosts.Keys.Order(StringComparer.Ordinal).Select(name =>
        context.Services.Hosts.Get(name).CannotRun(stack) is { } obstacle ? $"{name}: {obstacle}" : name));

    private static string Levels(Scenario scenario) => $"{scenario.Name} ({scenario.Question}: {string.Join(", ", scenario.Profiles)})";

    private static string Counted(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
