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
    private readonly Dictionary<string, List<(Func<HttpContext, bool> Takes, RequestDelegate Handler)>> _shared = [];

    public void Get(string path, RequestDelegate handler) => Add(path, [HttpMethods.Get, HttpMethods.Head], handler);

    public void Post(string path, RequestDelegate handler) => Add(path, [HttpMethods.Post], handler);

    /// <summary>A path that several answer: the first that takes a request, and one of them where none does.</summary>
    public void Post(string path, Func<HttpContext, bool> takes, RequestDelegate handler)
    {
        if (_shared.TryGetValue(path, out var handlers))
        {
            handlers.Add((takes, handler));
            return;
        }
        List<(Func<HttpContext, bool> Takes, RequestDelegate Handler)> all = [(takes, handler)];
        _shared[path] = all;
        Post(path, context => (all.Find(h => h.Takes(context)).Handler ?? all[0].Handler)(context));
    }

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
