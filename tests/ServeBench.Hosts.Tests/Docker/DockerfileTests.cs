using ServeBench.Hosts.Images;

namespace ServeBench.Hosts.Tests.Docker;

public class DockerfileTests
{
    [Fact]
    public void Bases_are_what_no_stage_of_its_own_is_called() => Assert.Equal(
        ["debian:trixie-slim", "registry.example:5000/x@sha256:12"],
        Dockerfile.Bases("""
            # FROM nothing
            FROM debian:trixie-slim AS libraries
            RUN echo FROM here
            from --platform=linux/amd64 registry.example:5000/x@sha256:12 as other
            FROM libraries AS more
            FROM debian:trixie-slim
            FROM scratch
            COPY --from=libraries / /
            """));
}
