using ServeBench.Models.Store;
using ServeBench.OnnxServer.Configuration;
using ServeBench.OnnxServer.Metrics;

namespace ServeBench.OnnxServer.Serving;

/// <summary>What the server does for one kind of work: it loads models of that kind, and answers what is asked of them.</summary>
internal interface IPipeline
{
    /// <summary>The names of the protocols in which it is asked, as metrics name them.</summary>
    IReadOnlyList<string> Protocols { get; }

    /// <summary>Whether it can serve a model.</summary>
    bool Takes(ModelManifest manifest);

    /// <summary>Loads and warms a model that it takes.</summary>
    /// <exception cref="Domain.Faults.RunFailedException">when its folder is not whole or the runtime cannot load it.</exception>
    ServedModel Load(ModelFolder folder, ServerOptions options, TimeProvider time, ILogger logger);

    /// <summary>Adds the paths at which its models are asked.</summary>
    void Map(RouteTable routes, InferenceServices services);

    /// <summary>Adds what is counted of its models beside what is counted of all.</summary>
    void AddMetrics(PrometheusText text, ModelTable<ServedModel> models)
    {
    }

    /// <summary>What answers for its models over gRPC; null where it has none, or nothing does.</summary>
    IGrpcInference? Grpc(InferenceServices services) => null;
}
