package io.espalier.edge;

import io.espalier.configs.file.EspalierHome;
import io.espalier.console.BytesConverter;
import io.espalier.console.CommandHome;
import io.espalier.console.CommandRefusedException;
import io.espalier.console.DurationConverter;
import io.espalier.console.Interrupts;
import io.espalier.federation.client.ClientEvent;
import io.espalier.federation.client.ClientSettings;
import io.espalier.federation.client.ClientStateDirectory;
import io.espalier.federation.client.EdgeClient;
import io.espalier.federation.client.IncompatibleClientException;
import io.espalier.federation.client.LinkSettings;
import io.espalier.federation.client.ServerAccess;
import io.espalier.federation.trust.Identity;
import io.espalier.federation.trust.ServerAddress;
import io.espalier.trainer.federated.LocalData;
import io.espalier.trainer.federated.LocalPart;
import io.espalier.trainer.federated.LocalSource;
import io.espalier.trainer.run.CodeVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "edge",
    description = {
      "Takes part in a federation: trains and prunes on this device's own data.",
      "",
      "DATA is a CSV file (with --label), an IDX file (with --labels), a directory of IDX files as"
          + " MNIST names them, a directory with one of images or texts for each class, a text or"
          + " a directory of texts where the next token is learned, or fashion-mnist or digits. Labels"
          + " are matched with the server's classes by name, columns by their header; a device may"
          + " have but some of the classes.",
      "The device must have been certified with 'espalier enrol'. It waits for the server for as"
          + " long as it takes, also when it goes away. Ctrl-C ends it; started again it goes on."
          + " Runs whose clients train with kept weights only need no engine."
    },
    sortOptions = false)
final class EdgeCommand implements Callable<Integer> {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int INTERRUPTED = 130;

  @Spec private CommandSpec spec;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      required = true,
      description = "Where the federation's server listens.")
  private String server = "";

  @Option(names = "--data", paramLabel = "DATA", required = true, description = "What to train on.")
  private String data = "";

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description = "Column of the CSV file that holds the class.")
  private Optional<String> label = Optional.empty();

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "IDX file that holds the classes of the IDX file.")
  private Optional<Path> labels = Optional.empty();

  @Option(
      names = "--density-cap",
      paramLabel = "SHARE",
      defaultValue = "100%",
      converter = ShareConverter.class,
      description =
          "Largest share of the prunable weights that the device can hold (default:"
              + " ${DEFAULT-VALUE}).")
  private double densityCap;

  @Option(
      names = "--memory-cap",
      paramLabel = "SIZE",
      converter = BytesConverter.class,
      description =
          "Memory that training may take beside program and data, such as 64MB: the server chooses"
              + " the widest of its networks that fits (default: any).")
  private Optional<Long> memoryCap = Optional.empty();

  @Option(
      names = "--identity",
      paramLabel = "DIR",
      description =
          "Directory of key, certificate and what the device remembers (default: edge/HOST_PORT in"
              + " the Espalier home).")
  private Optional<Path> identity = Optional.empty();

  @Option(
      names = "--give-up-after",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "End after so long without a server, such as 10m (default: never).")
  private Optional<Duration> giveUpAfter = Optional.empty();

  @Option(
      names = "--part",
      paramLabel = "K/N",
      description = "For demonstrations: only the K-th of N parts of the data.")
  private Optional<String> part = Optional.empty();

  @Option(
      names = "--dirichlet",
      paramLabel = "ALPHA",
      description = "Parts whose classes differ, the more the smaller ALPHA is, such as 0.5.")
  private Optional<Double> alpha = Optional.empty();

  @Option(
      names = "--examples",
      paramLabel = "M",
      description = "Deal out only M examples, none of which is the server's own.")
  private Optional<Integer> examples = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description = "Seed of the parts (default: the recipe's).")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--plaintext",
      description = "No TLS and no certificate: for trying things out on one machine.")
  private boolean plaintext;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "With --plaintext: the device's name.")
  private Optional<String> name = Optional.empty();

  @Override
  public Integer call() throws IOException {
    if (plaintext != name.isPresent()) {
      throw new CommandRefusedException(
          "--plaintext and --name must come together: with certificates the name is in them,"
              + " without them each device needs one of its own");
    }
    LocalData own = localData();
    ServerAddress address = ServerAddress.parse(server);
    Path directory = identity.orElseGet(() -> Identity.directory(EspalierHome.path(), address));
    try (ServerAccess access = access(address, directory);
        ClientStateDirectory state = ClientStateDirectory.open(stateOf(directory))) {
      return takePart(access, state, own);
    }
  }

  private LocalData localData() {
    return new LocalData(
        LocalSource.of(data, label, labels),
        LocalPart.of(
            part,
            alpha.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
            examples.map(OptionalInt::of).orElse(OptionalInt.empty()),
            seed.map(OptionalLong::of).orElse(OptionalLong.empty())),
        CommandHome.data(CommandHome.create(), spec.commandLine().getErr()));
  }

  private ServerAccess access(ServerAddress address, Path directory) throws IOException {
    if (!plaintext) {
      return ServerAccess.certified(address, Identity.open(directory), InstantSource.system());
    }
    InetSocketAddress loopback = new InetSocketAddress(address.host(), address.port());
    if (loopback.isUnresolved() || !loopback.getAddress().isLoopbackAddress()) {
      throw new CommandRefusedException(
          "without TLS the server must be on this machine: server=%s; leave --plaintext away, after 'espalier enrol'"
              .formatted(address));
    }
    return ServerAccess.plain(LinkSettings.loopback(loopback, name.orElseThrow()));
  }

  private Path stateOf(Path directory) {
    return name.map(each -> directory.resolve("plaintext").resolve(each))
        .orElseGet(() -> ClientStateDirectory.beside(directory));
  }

  private int takePart(ServerAccess access, ClientStateDirectory state, LocalData own) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("device %s, server %s%n", access.client(), server);
    out.flush();
    ClientSettings settings =
        new ClientSettings(
            access,
            state,
            own,
            densityCap,
            memoryCap.map(OptionalLong::of).orElse(OptionalLong.empty()),
            "espalier " + CodeVersion.current(),
            ClientSettings.Times.DEFAULT.givingUpAfter(giveUpAfter),
            new SplittableRandom(),
            new EdgePrinter(out));
    try (EdgeClient process = EdgeClient.start(settings)) {
      Interrupts interrupts =
          Interrupts.onFirst(
              signal -> {
                out.println("stopping; Ctrl-C again to abort");
                process.stop();
              });
      try {
        return report(process.await());
      } finally {
        interrupts.restore();
      }
    }
  }

  private int report(EdgeClient.Outcome end) {
    PrintWriter out = spec.commandLine().getOut();
    if (end instanceof EdgeClient.Outcome.Finished) {
      out.println("the run is finished");
      return OK;
    }
    if (end instanceof EdgeClient.Outcome.Stopped) {
      out.println("stopped; the same command goes on");
      return INTERRUPTED;
    }
    RuntimeException cause = ((EdgeClient.Outcome.Failed) end).cause();
    if (cause instanceof IncompatibleClientException) {
      spec.commandLine().getErr().println("espalier: " + cause.getMessage());
      return FAILED;
    }
    throw cause;
  }

  /** Shares as recipes write them: {@code 10%} or {@code 0.1}; above 0 and up to 1. */
  static final class ShareConverter implements ITypeConverter<Double> {
    private static final Pattern TEXT = Pattern.compile("(\\d*\\.?\\d+)\\s*(%?)");

    @Override
    public Double convert(String text) {
      Matcher parts = TEXT.matcher(text.strip());
      if (!parts.matches()) {
        throw refused(text);
      }
      double number = Double.parseDouble(parts.group(1));
      double share = parts.group(2).isEmpty() ? number : number / 100;
      if (!(share > 0 && share <= 1)) {
        throw refused(text);
      }
      return share;
    }

    private static TypeConversionException refused(String text) {
      return new TypeConversionException(
          "a share must be above 0 and up to 1, such as 10% or 0.1: share=" + text);
    }
  }

  static final class EdgePrinter implements Consumer<ClientEvent> {
    private final PrintWriter out;
    private String computing = "";

    EdgePrinter(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void accept(ClientEvent event) {
      out.println(line(event));
      if (event instanceof ClientEvent.Joined joined && !joined.computing().equals(computing)) {
        computing = joined.computing();
        out.println("computes with " + computing);
      }
      out.flush();
    }

    private static String line(ClientEvent event) {
      if (event instanceof ClientEvent.Joined joined) {
        String narrow =
            joined.width() < 1
                ? String.format(Locale.ROOT, ", %.0f%% of the channels", 100 * joined.width())
                : "";
        return "connected to run %s: %,d examples, %,d held back%s"
            .formatted(joined.run(), joined.examples(), joined.heldBack(), narrow);
      }
      if (event instanceof ClientEvent.ConnectionLost lost) {
        return "no connection: %s; trying again in %s".formatted(lost.cause(), text(lost.delay()));
      }
      if (event instanceof ClientEvent.Renewed) {
        return "certificate renewed";
      }
      if (event instanceof ClientEvent.RenewalFailed failed) {
        return "certificate not renewed: %s; trying again in %s"
            .formatted(failed.cause(), text(failed.delay()));
      }
      return round(event);
    }

    private static String round(ClientEvent event) {
      if (event instanceof ClientEvent.Chosen chosen) {
        String what =
            switch (chosen.kind()) {
              case MEASURE_NORMS -> "measuring candidates";
              case MEASURE_LOSSES -> "judging candidates";
              case TRAIN -> "training";
              case TRAIN_AND_PROPOSE -> "training, with proposals";
            };
        return "round %s: chosen, %s".formatted(chosen.round(), what);
      }
      if (event instanceof ClientEvent.WorkDone done) {
        return done.loss().isPresent()
            ? String.format(
                Locale.ROOT,
                "round %s: trained %,d steps, loss %.3f; sending %s",
                done.round(),
                done.steps(),
                done.loss().getAsDouble(),
                bytes(done.bytes()))
            : "round %s: measured; sending %s".formatted(done.round(), bytes(done.bytes()));
      }
      if (event instanceof ClientEvent.Delivered delivered) {
        return "round %s: %s accepted%s"
            .formatted(
                delivered.round(),
                bytes(delivered.bytes()),
                delivered.duplicate() ? " before" : "");
      }
      if (event instanceof ClientEvent.Refused refused) {
        return "round %s: refused, %s".formatted(refused.round(), refused.reason());
      }
      if (event instanceof ClientEvent.RoundOver over) {
        return "round %s: over without this device".formatted(over.round());
      }
      if (event instanceof ClientEvent.ReceiptMissed missed) {
        return "round %s: the run ended before its receipt came".formatted(missed.round());
      }
      ClientEvent.WorkFailed failed = (ClientEvent.WorkFailed) event;
      return "round %s: failed, %s".formatted(failed.round(), failed.cause());
    }

    private static String bytes(long count) {
      return count < 1000
          ? count + " bytes"
          : String.format(Locale.ROOT, "%,.1f kB", count / 1000.0);
    }

    private static String text(Duration delay) {
      return String.format(Locale.ROOT, "%.1f s", delay.toMillis() / 1000.0);
    }
  }
}
