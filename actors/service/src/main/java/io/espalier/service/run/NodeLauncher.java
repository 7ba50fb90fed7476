package io.espalier.service.run;

import akka.actor.typed.ActorSystem;
import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.configs.RunConfig;
import io.espalier.configs.file.Json;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.federation.server.FederationHost;
import io.espalier.federation.trust.Authority;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.DataHome.DataListener;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.training.Placement;
import io.espalier.training.RunHandle;
import io.espalier.training.RunResult;
import io.espalier.training.run.BrokerLease;
import io.espalier.training.run.RunDirectory;
import io.espalier.training.run.RunEnvironment;
import io.espalier.training.run.RunSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains and serves federations in this process. Thread-safe. */
public final class NodeLauncher implements RunLauncher {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLauncher.class);

  private final Settings settings;

  /**
   * Shared by the attempts of one node.
   *
   * @param home of Espalier on this machine: data sets, engine, broker
   * @param authority directory of the authority that certifies clients of federations; empty for
   *     plaintext on this machine's loopback
   * @param remote to other nodes of a cluster; empty for a node by itself
   */
  public record Settings(
      Path home,
      ActorSystem<?> system,
      BrokerLease broker,
      Optional<Path> authority,
      Optional<RemotePlacement> remote) {}

  public NodeLauncher(Settings settings) {
    this.settings = settings;
  }

  @Override
  public RunResult run(Order order, Listener listener) throws IOException {
    Optional<RunResult> finished = finished(order.directory());
    if (finished.isPresent()) {
      return finished.get();
    }
    try (RunDirectory directory = RunDirectory.hold(order.directory(), order.recipe());
        RunLog log = RunLog.in(order.directory(), order.term())) {
      log.say("attempt " + order.term() + " begins");
      RunResult result;
      try {
        result = run(order, listener, directory, log);
      } catch (IOException | RuntimeException | Error e) {
        LOG.debug("attempt {} at run {} failed", order.term(), order.run(), e);
        result = RunAttempt.failure(e);
      }
      log.say(RunLog.text(result));
      return result;
    }
  }

  /**
   * The result of a run that ended before the journal had it: {@code summary.json} is written last.
   */
  private static Optional<RunResult> finished(Path directory) throws IOException {
    Path file = directory.resolve("summary.json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonNode facts = Json.LENIENT.readTree(file.toFile());
    return Optional.of(
        RunResult.Finished.recorded(
            facts.path("rounds").asLong(facts.path("steps").asLong()),
            facts.path("accuracy").asDouble(),
            facts.has("bitsPerCharacter")
                ? OptionalDouble.of(facts.get("bitsPerCharacter").asDouble())
                : OptionalDouble.empty(),
            facts.path("sparsity").asDouble()));
  }

  private RunResult run(Order order, Listener listener, RunDirectory directory, RunLog log)
      throws IOException {
    if (listener.isCancelled()) {
      return new RunResult.Cancelled(0);
    }
    if (listener.interruption().isPresent()) {
      return new RunResult.Interrupted(0, listener.interruption().get());
    }
    ProgressRelay relay = new ProgressRelay(listener, log, System::nanoTime);
    try (RunHandle handle = begin(order, directory, log, relay)) {
      relay.open(handle);
      RunResult result = handle.await();
      relay.finish();
      return result;
    }
  }

  private RunHandle begin(Order order, RunDirectory directory, RunLog log, ProgressRelay relay)
      throws IOException {
    String recipe = directory.recipe();
    RunConfig config =
        new RecipeLoader()
            .stored(directory.path().resolve("recipe.conf").toString(), recipe, List.of())
            .config();
    DataHome data = DataHome.of(settings.home()).reportingTo(notices(log)).ofRun(directory.path());
    boolean resumed = directory.hasCheckpoint();
    boolean federated = config.federation().common().isPresent();
    if (!federated) {
      PreparedRun run = resumed ? PreparedRun.toResume(config, data) : PreparedRun.of(config, data);
      return RunSession.start(request(order, run, recipe, directory, log, relay));
    }
    PreparedFederation federation =
        resumed ? PreparedFederation.toResume(config, data) : PreparedFederation.of(config, data);
    return FederationHost.start(
        federation,
        request(order, federation.values(), recipe, directory, log, relay),
        address(order),
        authority());
  }

  private static DataListener notices(RunLog log) {
    return new DataListener() {
      @Override
      public void noticed(String notice) {
        log.say(notice);
      }
    };
  }

  private RunSession.Request request(
      Order order,
      PreparedRun run,
      String recipe,
      RunDirectory directory,
      RunLog log,
      ProgressRelay relay) {
    Placement placement =
        settings
            .remote()
            .map(remote -> remote.placement(settings.system(), order.trainers()))
            .orElse(Placement.LOCAL);
    return new RunSession.Request(
        run,
        recipe,
        directory,
        settings.home(),
        Optional.empty(),
        relay,
        log::say,
        log::warn,
        new RunEnvironment.InService(
            settings.system(), order.term(), settings.broker(), placement));
  }

  private static InetSocketAddress address(Order order) {
    String address =
        order
            .gateway()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "a federation needs a gateway: run=" + order.run()));
    int colon = address.lastIndexOf(':');
    return new InetSocketAddress(
        address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
  }

  private Optional<Authority> authority() throws IOException {
    return settings.authority().isPresent()
        ? Optional.of(Authority.open(settings.authority().get(), List.of(), InstantSource.system()))
        : Optional.empty();
  }
}
