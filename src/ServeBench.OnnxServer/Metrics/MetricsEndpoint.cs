using System.Globalization;
using System.Text;
using ServeBench.OnnxServer.Inference;

namespace ServeBench.OnnxServer.Metrics;

/// <summary>GET /metrics, in the Prometheus text format.</summary>
internal sealed class MetricsEndpoint(ModelTable models)
{
    public async Task HandleAsync(HttpContext context)
    {
        var body = Encoding.UTF8.GetBytes(Render());
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    private string Render()
    {
        var text = new StringBuilder();
        Family(text, "servebench_inferences_total", "counter", "Texts executed", m => m.Metrics.Inferences);
        Family(text, "servebench_executions_total", "counter", "Executions of the runtime", m => m.Metrics.Executions);
        Family(text, "servebench_queue_depth", "gauge", "Texts that wait", m => m.Queue.Count);
        return text.ToString();
    }

    private void Family(StringBuilder text, string name, string type, string help, Func<ServedModel, long> value)
    {
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        foreach (var model in models.All)
            text.Append(CultureInfo.InvariantCulture, $"{name}{{model=\"{Escape(model.Name)}\"}} {value(model)}\n");
    }

    private static string Escape(string label) => label.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
}
