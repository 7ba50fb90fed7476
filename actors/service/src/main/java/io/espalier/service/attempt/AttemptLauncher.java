package io.espalier.service.attempt;

import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.federation.server.FederationHost;
import io.espalier.federation.trust.Authority;
import io.espalier.service.run.AttemptListener;
import io.espalier.service.run.AttemptOrder;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.training.Placement;
import io.espalier.training.run.RunDirectory;
import io.espalier.training.run.RunEnvironment;
import io.espalier.training.run.RunSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Prepares the work of one attempt and begins it. */
record AttemptLauncher(
    AttemptSettings settings,
    AttemptOrder order,
    RunDirectory directory,
    RunLog log,
    ProgressRelay relay) {

  static AttemptLauncher of(
      AttemptSettings settings,
      AttemptOrder order,
      RunDirectory directory,
      RunLog log,
      AttemptListener listener) {
    return new AttemptLauncher(
        settings, order, directory, log, new ProgressRelay(listener, log, System::nanoTime));
  }

  /** Reads recipe, data and checkpoint, and begins. */
  RunningWork begin() throws IOException {
    String recipe = directory.recipe();
    RunConfig config =
        new RecipeLoader()
            .parse(directory.path().resolve("recipe.conf").toString(), recipe, List.of())
            .config();
    DataHome data = DataHome.of(settings.home());
    boolean resumed = directory.hasCheckpoint();
    if (config.federation().common().isEmpty()) {
      PreparedRun run = resumed ? PreparedRun.toResume(config, data) : PreparedRun.of(config, data);
      return new TrainingWork(run, RunSession.start(request(run, recipe)));
    }
    PreparedFederation federation =
        resumed ? PreparedFederation.toResume(config, data) : PreparedFederation.of(config, data);
    return new FederationWork(
        federation,
        FederationHost.start(
            federation, request(federation.values(), recipe), address(), authority()));
  }

  private RunSession.Request request(PreparedRun run, String recipe) {
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
            settings.system(), order.term(), settings.broker(), placement()));
  }

  private Placement placement() {
    return settings
        .spread()
        .map(spread -> spread.placement(settings.system(), order.trainers()))
        .orElse(Placement.LOCAL);
  }

  private InetSocketAddress address() {
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
