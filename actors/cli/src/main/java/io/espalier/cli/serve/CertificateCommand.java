package io.espalier.cli.serve;

import io.espalier.cli.console.OutputPath;
import io.espalier.service.cluster.NodeCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "certificate",
    description = {
      "Creates a node's key and certificate, and the cluster's own authority if there is none yet.",
      "",
      "Whoever has such a file may do anything in the service. Carry it to its node, name its"
          + " directory there as 'certificates', and delete it here; the authority stays."
    },
    sortOptions = false)
final class CertificateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      required = true,
      description = "DNS name or IP address by which other nodes reach it; may be repeated.")
  private List<String> hosts = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The node's directory of certificates; gets node.pem, readable by you alone.")
  private Path out = Path.of("");

  @Option(
      names = "--authority",
      paramLabel = "DIR",
      required = true,
      description = "Directory of the cluster's authority; made if it has none.")
  private Path authority = Path.of("");

  @Override
  public Integer call() throws IOException {
    Path file =
        NodeCertificates.issue(
            OutputPath.directory(authority, "--authority"),
            hosts,
            OutputPath.directory(out, "--out"),
            Instant.now());
    spec.commandLine().getOut().println(file);
    return ExitCode.OK;
  }
}
