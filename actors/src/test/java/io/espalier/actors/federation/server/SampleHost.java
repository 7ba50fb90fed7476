package io.espalier.actors.federation.server;

import io.espalier.actors.federation.link.Link;
import io.espalier.actors.federation.link.LinkSettings;
import io.espalier.actors.federation.link.LinkThreads;
import io.espalier.actors.federation.trust.Authority;
import io.espalier.actors.federation.trust.device.Identity;
import io.espalier.actors.run.Hosting;
import io.espalier.actors.run.RunDirectory;
import io.espalier.actors.run.RunResult;
import io.espalier.actors.run.RunSession;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.configs.recipe.ResolvedRecipe;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.FederationEvent.UpdateRefused;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.PreparedFederation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A federation on the bundled digits whose server runs in this process, without TLS. */
final class SampleHost implements AutoCloseable {
  static final String RECIPE =
      """
      name = sample, seed = 7
      data { kind = digits, batch-size = 20 }
      model { kind = mlp, hidden = [16] }
      train { learning-rate { kind = constant, initial = 0.05 } }
      prune { sparsity = 50%, schedule = constant }
      """;

  final PreparedFederation federation;
  final FederationHost host;
  private final RunDirectory directory;
  private final LinkThreads threads = LinkThreads.start(1);
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final List<SampleClient> clients = new ArrayList<>();

  private SampleHost(
      Path path,
      String federationBlock,
      Function<String, RunDirectory> opening,
      Hosting hosting,
      Optional<Authority> authority)
      throws IOException {
    ResolvedRecipe recipe = new RecipeLoader().parse("sample", RECIPE + federationBlock, List.of());
    federation = PreparedFederation.of(recipe.config(), DataHome.of(Path.of("target")));
    directory = opening.apply(recipe.text());
    RunSession.Request request =
        new RunSession.Request(
            federation.values(),
            recipe.text(),
            directory,
            path.resolveSibling("home"),
            BrokerAccess.external(
                Optional.of("127.0.0.1:1"), Optional.empty(), Map.<String, String>of()),
            events::add,
            notice -> {},
            warning -> {},
            hosting);
    host =
        FederationHost.start(
            federation,
            request,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            authority);
  }

  static SampleHost start(Path path, String federationBlock) throws IOException {
    return alone(path, federationBlock, Optional.empty());
  }

  static SampleHost resume(Path path, String federationBlock) throws IOException {
    return new SampleHost(
        path,
        federationBlock,
        recipe -> RunDirectory.resume(path),
        new Hosting.Alone(),
        Optional.empty());
  }

  /** An attempt in a service, which another may overtake. */
  static SampleHost inService(Path path, String federationBlock, Hosting.InService hosting)
      throws IOException {
    return new SampleHost(
        path,
        federationBlock,
        recipe -> RunDirectory.hold(path, recipe),
        hosting,
        Optional.empty());
  }

  /** One that only talks to clients with a certificate of the authority. */
  static SampleHost certified(Path path, String federationBlock, Authority authority)
      throws IOException {
    return alone(path, federationBlock, Optional.of(authority));
  }

  private static SampleHost alone(Path path, String federationBlock, Optional<Authority> authority)
      throws IOException {
    return new SampleHost(
        path,
        federationBlock,
        recipe -> RunDirectory.create(path, recipe),
        new Hosting.Alone(),
        authority);
  }

  /** A client with a certificate, which is not connected yet. */
  SampleClient client(Identity identity) throws IOException {
    InetSocketAddress server =
        InetSocketAddress.createUnresolved("localhost", host.address().getPort());
    LinkSettings settings =
        new LinkSettings(
            server, Optional.of(identity.clientTls()), identity.name(), LinkSettings.Times.DEFAULT);
    SampleClient client = new SampleClient(federation, Link.of(settings, threads));
    clients.add(client);
    return client;
  }

  /** A client that is connected and ready. */
  SampleClient client(String name) {
    SampleClient client = stranger(name);
    client.attend(1.0);
    return client;
  }

  /** A client that is not connected yet. */
  SampleClient stranger(String name) {
    return stranger(name, 1);
  }

  /** One whose results are of the network of a width. */
  SampleClient stranger(String name, double width) {
    Link link = Link.of(LinkSettings.loopback(host.address(), name), threads);
    SampleClient client = new SampleClient(host.session().networks().at(width).federation(), link);
    clients.add(client);
    return client;
  }

  /** Reasons of all refusals that were told of, in order. */
  List<String> refusals() {
    return events.stream()
        .filter(UpdateRefused.class::isInstance)
        .map(event -> ((UpdateRefused) event).reason())
        .toList();
  }

  List<Event> events() {
    return events;
  }

  RunResult await() {
    return host.await();
  }

  @Override
  public void close() {
    clients.forEach(SampleClient::close);
    threads.close();
    host.close();
    directory.close();
  }
}
