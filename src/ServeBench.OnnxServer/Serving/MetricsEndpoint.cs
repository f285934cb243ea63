using System.Text;
using Microsoft.ML.OnnxRuntime;
using ServeBench.OnnxServer.Metrics;

namespace ServeBench.OnnxServer.Serving;

/// <summary>GET /metrics, in the Prometheus text format.</summary>
internal sealed class MetricsEndpoint(
    ModelTable<ServedModel> models, ServerMetrics metrics, RequestGate gate, IReadOnlyList<IPipeline> pipelines)
{
    public async Task HandleAsync(HttpContext context)
    {
        var body = Encoding.UTF8.GetBytes(Render());
        context.Response.ContentType = PrometheusText.ContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    private string Render()
    {
        var text = new PrometheusText();
        AddModels(text);
        foreach (var pipeline in pipelines) pipeline.AddMetrics(text, models);
        AddRequests(text);
        AddProcess(text);
        text.Family("servebench_runtime_info", "gauge", "What computes.").Value(
            "servebench_runtime_info", 1, "name", "ONNX Runtime", "version", OrtEnv.Instance().GetVersionString());
        return text.ToString();
    }

    private void AddModels(PrometheusText text)
    {
        void PerModel(string name, string type, string help, Func<ServedModel, double> value)
        {
            text.Family(name, type, help);
            foreach (var model in models.All) text.Value(name, value(model), "model", model.Name);
        }
        void Distribution(string name, string help, Func<ServedModel, Histogram> histogram)
        {
            text.Family(name, "histogram", help);
            foreach (var model in models.All) text.Histogram(name, histogram(model), "model", model.Name);
        }
        PerModel("servebench_inferences_total", "counter", "Items executed.", m => m.Metrics.Inferences);
        PerModel("servebench_executions_total", "counter", "Executions of the runtime.", m => m.Metrics.Executions);
        PerModel(
            "servebench_tokens_total", "counter", "Cost of the items executed (tokens of texts), without padding.", m => m.Metrics.Cost);
        PerModel("servebench_padding_total", "counter", "Padding executed, in the same unit.", m => m.Metrics.Padding);
        PerModel("servebench_model_load_seconds", "gauge", "Time to load and warm the model.", m => m.LoadTime.TotalSeconds);
        PerModel("servebench_queue_depth", "gauge", "Items that wait.", m => m.Queue.Count);
        PerModel(
            "servebench_queue_wait_expected_seconds",
            "gauge",
            "How long an item that came now would wait.",
            m => m.Queue.ExpectedWait.TotalSeconds);
        Distribution("servebench_inference_seconds", "Time of each execution.", m => m.Metrics.Seconds);
        Distribution("servebench_batch_items", "Items in each execution.", m => m.Metrics.BatchItems);
        Distribution("servebench_batch_padding_ratio", "Share of padding in each execution.", m => m.Metrics.BatchPadding);
    }

    private void AddRequests(PrometheusText text)
    {
        text.Family("servebench_requests_total", "counter", "Requests, by protocol and how they ended.");
        foreach (var protocol in metrics.Protocols)
        {
            foreach (var outcome in RequestOutcomes.All)
                text.Value(
                    "servebench_requests_total", metrics.Requests(protocol, outcome), "protocol", protocol, "outcome", outcome.Label());
        }
        text.Family("servebench_requests_in_flight", "gauge", "Requests that are being answered.").Value(
            "servebench_requests_in_flight", gate.Inside);
        void Distribution(string name, string help, Histogram histogram) => text.Family(name, "histogram", help).Histogram(name, histogram);
        Distribution(
            "servebench_request_seconds",
            "Time from the arrival of a request to the end of its answer, of successful ones.",
            metrics.Answering);
        Distribution("servebench_input_seconds", "Time to read a request and make the model's inputs of it.", metrics.InputRead);
        Distribution("servebench_queue_seconds", "Time that a request's first item waited for its execution.", metrics.Queued);
        Distribution(
            "servebench_execute_seconds",
            "Time from the beginning of a request's first execution to the end of its last.",
            metrics.Executed);
        Distribution("servebench_serialize_seconds", "Time to write an answer.", metrics.Serialised);
    }

    private static void AddProcess(PrometheusText text)
    {
        text.Family("process_cpu_seconds_total", "counter", "Processor time used.").Value(
            "process_cpu_seconds_total", Environment.CpuUsage.TotalTime.TotalSeconds);
        text.Family("process_resident_memory_bytes", "gauge", "Resident memory.").Value(
            "process_resident_memory_bytes", Environment.WorkingSet);
        text.Family("dotnet_gc_heap_bytes", "gauge", "Managed memory in use.").Value(
            "dotnet_gc_heap_bytes", GC.GetTotalMemory(forceFullCollection: false));
        text.Family("dotnet_gc_allocated_bytes_total", "counter", "Managed memory allocated.").Value(
            "dotnet_gc_allocated_bytes_total", GC.GetTotalAllocatedBytes());
        text.Family("dotnet_gc_collections_total", "counter", "Garbage collections.");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
            text.Value("dotnet_gc_collections_total", GC.CollectionCount(generation), "generation", $"{generation}");
    }
}
