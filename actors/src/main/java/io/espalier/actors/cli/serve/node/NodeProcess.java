package io.espalier.actors.cli.serve.node;

import akka.actor.typed.ActorSystem;
import io.espalier.actors.cli.serve.RunningService;
import io.espalier.actors.cli.serve.ServeSettings;
import io.espalier.actors.run.BrokerLease;
import io.espalier.actors.service.attempt.work.AttemptSettings;
import io.espalier.actors.service.attempt.work.NodeAttempts;
import io.espalier.actors.service.http.HttpApi;
import io.espalier.actors.service.http.HttpSettings;
import io.espalier.actors.service.http.access.Tokens;
import io.espalier.actors.service.node.ServiceNode;
import io.espalier.actors.service.node.ServiceSettings;
import io.espalier.actors.service.schedule.NodeOffer;
import io.espalier.actors.service.schedule.Retention;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import org.agrona.CloseHelper;

/** A node of the service and its API, in this process. */
public final class NodeProcess implements RunningService {
  private static final String ALONE = "local";

  private final boolean secure;
  private final BrokerLease broker;
  private final ServiceNode node;
  private final HttpApi api;

  private NodeProcess(boolean secure, BrokerLease broker, ServiceNode node, HttpApi api) {
    this.secure = secure;
    this.broker = broker;
    this.node = node;
    this.api = api;
  }

  /** Starts it; unfinished runs go on at once. */
  public static RunningService launch(ServeSettings settings) throws IOException {
    BrokerLease broker = new BrokerLease(settings.home(), settings.kafka());
    ServiceNode node =
        ServiceNode.start(node(settings), system -> attempts(settings, system, broker));
    try {
      return new NodeProcess(settings.tls().isPresent(), broker, node, api(settings, node));
    } catch (IOException | RuntimeException e) {
      CloseHelper.closeAll(node, broker);
      throw e;
    }
  }

  @Override
  public URI address() {
    InetSocketAddress at = api.address();
    String host = at.getAddress().getHostAddress();
    return URI.create(
        "%s://%s:%d"
            .formatted(
                secure ? "https" : "http",
                host.contains(":") ? "[" + host + "]" : host,
                at.getPort()));
  }

  @Override
  public CompletionStage<Void> ended() {
    return node.system().getWhenTerminated().thenApply(done -> null);
  }

  @Override
  public void close() {
    CloseHelper.closeAll(api, node, broker);
  }

  private static NodeAttempts attempts(
      ServeSettings settings, ActorSystem<?> system, BrokerLease broker) {
    return new NodeAttempts(
        new AttemptSettings(settings.home(), system, broker, settings.authority()));
  }

  private static ServiceSettings node(ServeSettings settings) {
    NodeOffer offer =
        new NodeOffer(ALONE, settings.trainers(), settings.memoryMb(), settings.gateways());
    return ServiceSettings.of(settings.directory(), offer)
        .withData(settings.data())
        .withRetention(new Retention(settings.keepRuns(), settings.keepFor()));
  }

  private static HttpApi api(ServeSettings settings, ServiceNode node) throws IOException {
    Tokens tokens = Tokens.open(settings.directory(), InstantSource.system());
    tokens.prepareFirst();
    HttpSettings http =
        new HttpSettings(
            settings.listen(),
            settings
                .tls()
                .map(files -> new HttpSettings.TlsFiles(files.certificate(), files.key())),
            HttpSettings.Limits.DEFAULT,
            HttpSettings.Times.DEFAULT);
    return HttpApi.start(node.system(), http, node.service(), tokens, new Overviews(node));
  }
}
