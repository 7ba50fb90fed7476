package io.espalier.actors.service.attempt.work;

import io.espalier.actors.federation.server.FederationHost;
import io.espalier.actors.federation.trust.Authority;
import io.espalier.actors.placement.Placement;
import io.espalier.actors.run.Hosting;
import io.espalier.actors.run.RunDirectory;
import io.espalier.actors.run.RunSession;
import io.espalier.actors.service.attempt.AttemptListener;
import io.espalier.actors.service.attempt.AttemptOrder;
import io.espalier.configs.RunConfig;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.prepare.PreparedRun;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Prepares the work of one attempt and begins it. */
record Workshop(
    AttemptSettings settings,
    AttemptOrder order,
    RunDirectory directory,
    RunLog log,
    ProgressRelay relay) {

  static Workshop of(
      AttemptSettings settings,
      AttemptOrder order,
      RunDirectory directory,
      RunLog log,
      AttemptListener listener) {
    return new Workshop(
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
        new Hosting.InService(settings.system(), order.term(), settings.broker(), placement()));
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
