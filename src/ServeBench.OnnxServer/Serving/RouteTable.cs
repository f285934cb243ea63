using ServeBench.OnnxServer.Protocols;

namespace ServeBench.OnnxServer.Serving;

/// <summary>
/// Collects what is answered. Every path that is answered to GET is to HEAD, too (RFC 9110, 9.3.2), as load balancers ask; the
/// web server leaves the body out. <see cref="Close"/> adds the answer to all other requests.
/// </summary>
/// <param name="routes">The web server's table.</param>
/// <param name="refuse">Writes an error as the whole response, in the shape that clients of the path understand.</param>
internal sealed class RouteTable(IEndpointRouteBuilder routes, Func<HttpContext, ApiError, Task> refuse)
{
    private readonly Dictionary<string, List<string>> _methods = [];

    public void Get(string path, RequestDelegate handler) => Add(path, [HttpMethods.Get, HttpMethods.Head], handler);

    public void Post(string path, RequestDelegate handler) => Add(path, [HttpMethods.Post], handler);

    /// <summary>Refuses other methods with 405 and other paths with 404.</summary>
    public void Close()
    {
        foreach (var (path, methods) in _methods)
        {
            var allowed = string.Join(", ", methods);
            routes.Map(path, context =>
            {
                context.Response.Headers.Allow = allowed;
                return refuse(context, ApiError.WrongMethod(context, allowed));
            });
        }
        // The pattern by itself would leave out what looks like a file's name.
        routes.MapFallback("{**path}", context => refuse(context, ApiError.UnknownPath(context)));
    }

    private void Add(string path, string[] methods, RequestDelegate handler)
    {
        routes.MapMethods(path, methods, handler);
        if (!_methods.TryGetValue(path, out var known)) _methods[path] = known = [];
        known.AddRange(methods);
    }
}
