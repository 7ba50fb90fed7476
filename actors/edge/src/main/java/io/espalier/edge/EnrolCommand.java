package io.espalier.edge;

import io.espalier.configs.file.EspalierHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.console.DurationConverter;
import io.espalier.federation.client.ClientStateDirectory;
import io.espalier.federation.trust.EnrolmentToken;
import io.espalier.federation.trust.Identity;
import io.espalier.federation.trust.ServerAddress;
import io.espalier.federation.trust.ServerFailure;
import io.espalier.federation.trust.TrustException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "enrol",
    description = {
      "Gets a certificate of a federation's server for this device.",
      "",
      "The device's key is made here and never leaves it. The token identifies the right server"
          + " and is valid once. The command waits for a server that is not up yet."
    },
    sortOptions = false)
final class EnrolCommand implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofMillis(500);

  @Spec private CommandSpec spec;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      required = true,
      description = "Where the federation's server listens.")
  private String server = "";

  @ArgGroup(multiplicity = "1")
  private @Nullable Token token;

  private static final class Token {
    private static final int MOST_CHARACTERS = 4096;

    @Option(
        names = "--token-file",
        paramLabel = "FILE",
        description =
            "File whose first line 'espalier federate token' printed on the server; - is the"
                + " standard input.")
    private Optional<Path> file = Optional.empty();

    @Option(
        names = "--token",
        paramLabel = "TOKEN",
        description = "The token itself, which other users of the machine can see meanwhile.")
    private Optional<String> text = Optional.empty();

    EnrolmentToken read() throws IOException {
      return EnrolmentToken.parse(text.isPresent() ? text.get() : line(file.orElseThrow()));
    }

    private static String line(Path file) throws IOException {
      boolean isInput = file.toString().equals("-");
      try (InputStream in = isInput ? System.in : Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(MOST_CHARACTERS);
        return new String(bytes, StandardCharsets.UTF_8)
            .lines()
            .findFirst()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .orElseThrow(
                () ->
                    new CommandRefusedException(
                        "a token file must hold a token in its first line: file=" + file));
      }
    }
  }

  @Option(
      names = "--identity",
      paramLabel = "DIR",
      description =
          "Directory for key and certificate (default: edge/HOST_PORT in the Espalier home).")
  private Optional<Path> identity = Optional.empty();

  @Option(
      names = "--replace",
      description = "Replace the identity that the directory holds, and forget its work.")
  private boolean replace;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = DurationConverter.class,
      description = "How long to wait for a server that is not there (default: ${DEFAULT-VALUE}).")
  private Duration patience = Duration.ZERO;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ServerAddress address = ServerAddress.parse(server);
    Path directory = identity.orElseGet(() -> Identity.directory(EspalierHome.path(), address));
    Identity enrolled =
        Identity.isIn(directory) ? replaced(directory, address) : enrol(directory, address);
    PrintWriter out = spec.commandLine().getOut();
    out.println("enrolled as  " + enrolled.name());
    out.println("identity     " + enrolled.directory());
    out.println("expires      " + enrolled.expires() + "; renewed while the device takes part");
    out.println(
        "next         "
            + spec.root().name()
            + " edge --server "
            + address
            + identity.map(each -> " --identity " + each).orElse(""));
    return ExitCode.OK;
  }

  /** No process that renews the old identity's certificate may be at work meanwhile. */
  private Identity replaced(Path directory, ServerAddress address)
      throws IOException, InterruptedException {
    if (!replace) {
      throw new CommandRefusedException(
          "a device's identity must not be replaced unasked: directory=%s; choose another --identity, or replace it with --replace"
              .formatted(directory));
    }
    ClientStateDirectory lock = ClientStateDirectory.open(ClientStateDirectory.beside(directory));
    try {
      return enrol(directory, address);
    } finally {
      lock.close();
    }
  }

  private Identity enrol(Path directory, ServerAddress address)
      throws IOException, InterruptedException {
    EnrolmentToken parsed = Objects.requireNonNull(token).read();
    long untilNs = System.nanoTime() + patience.toNanos();
    for (boolean first = true; ; first = false) {
      try {
        return Identity.enrol(directory, address, parsed);
      } catch (TrustException e) {
        if (!new ServerFailure(e).isAbsent() || System.nanoTime() - untilNs >= 0) {
          throw e;
        }
      }
      if (first) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("waiting for the server: nothing listens at %s yet".formatted(address));
        err.flush();
      }
      Thread.sleep(PAUSE.toMillis());
    }
  }
}
