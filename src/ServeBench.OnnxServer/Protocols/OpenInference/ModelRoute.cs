using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Protocols.OpenInference;

/// <summary>The model that a path names.</summary>
internal static class ModelRoute
{
    /// <summary>The paths of a model.</summary>
    public static IReadOnlyList<string> Paths { get; } = ["/v2/models/{model}", "/v2/models/{model}/versions/{version}"];

    /// <returns>The model, or null when there is none of that name and version.</returns>
    public static T? Find<T>(HttpContext context, ModelTable<T> models)
        where T : ServedModel =>
        context.Request.RouteValues.TryGetValue("version", out var version) && (string?)version != Tensors.Version
            ? null
            : models.Find(NameIn(context));

    public static ApiError Unknown(HttpContext context)
    {
        var values = context.Request.RouteValues;
        return ApiError.UnknownModel(values["version"] is { } version ? $"{NameIn(context)} version {version}" : $"{NameIn(context)}");
    }

    private static string? NameIn(HttpContext context) => SlashedNames.Decode((string?)context.Request.RouteValues["model"]);
}
