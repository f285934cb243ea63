namespace ServeBench.OnnxServer.Protocols;

/// <summary>GET /openapi.json: the description of every interface, as openapi.json in the sources says it.</summary>
internal static class OpenApiDocument
{
    public const string Path = "/openapi.json";

    private const string Resource = "openapi.json";

    public static async Task WriteAsync(HttpContext context)
    {
        await using var document = typeof(OpenApiDocument).Assembly.GetManifestResourceStream(Resource)!;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = document.Length;
        await document.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
