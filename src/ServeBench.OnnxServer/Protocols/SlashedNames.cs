namespace ServeBench.OnnxServer.Protocols;

/// <summary>
/// Models are often named as the hub names them, with a slash, and clients write such a name into a path as it is or with the
/// slash escaped. Before a request is routed, the slash of a served name is escaped, so that the name is one segment of the path.
/// </summary>
internal static class SlashedNames
{
    public const string Escaped = "%2F";

    private static readonly string[] Parents = ["/v1/models/", "/v2/models/", "/v2/repository/models/"];

    /// <summary>The name that a segment of a path stands for: the web server decodes everything in a path but this.</summary>
    public static string? Decode(string? segment) => segment?.Replace(Escaped, "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Escapes the names in paths; does nothing where no name needs it.</summary>
    public static void Use(WebApplication application, IEnumerable<string> served)
    {
        string[] names = [.. served.Where(n => n.Contains('/', StringComparison.Ordinal)).OrderByDescending(n => n.Length)];
        if (names.Length == 0) return;
        application.Use((context, next) =>
        {
            context.Request.Path = Escape(context.Request.Path.Value ?? "", names);
            return next(context);
        });
        // Routing would otherwise have happened before.
        application.UseRouting();
    }

    /// <param name="names">The names with slashes, longer ones first.</param>
    public static string Escape(string path, IReadOnlyList<string> names)
    {
        foreach (var parent in Parents)
        {
            if (!path.StartsWith(parent, StringComparison.OrdinalIgnoreCase)) continue;
            var rest = path[parent.Length..];
            var name = names.FirstOrDefault(
                n => rest.StartsWith(n, StringComparison.Ordinal) && (rest.Length == n.Length || rest[n.Length] == '/'));
            return name is null ? path : $"{parent}{name.Replace("/", Escaped, StringComparison.Ordinal)}{rest[name.Length..]}";
        }
        return path;
    }
}
