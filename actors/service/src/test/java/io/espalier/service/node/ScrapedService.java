package io.espalier.service.node;

import io.espalier.service.RunService;
import io.espalier.service.api.HttpApi;
import io.espalier.service.api.NodeFiles;
import io.espalier.service.api.ServiceDescription;
import io.espalier.service.data.DataRoom;
import io.espalier.service.data.DataSets;
import io.espalier.service.http.AccessTokens;
import io.espalier.service.http.HttpSettings;
import io.espalier.service.notice.NoticeSettings;
import io.espalier.telemetry.kafka.Backlog;
import io.espalier.telemetry.live.LiveFeed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A node whose attempts count instead of training, behind its real API. */
final class ScrapedService implements AutoCloseable {
  private final ServiceNode node;
  private final HttpApi api;

  private ScrapedService(ServiceNode node, HttpApi api) {
    this.node = node;
    this.api = api;
  }

  static ScrapedService start(Path directory) throws IOException {
    return start(directory, NoticeSettings.NONE);
  }

  static ScrapedService start(Path directory, NoticeSettings notices) throws IOException {
    ServiceNode node =
        ServiceNode.start(
            TestService.settings(directory).withNotices(notices), system -> new FakeLauncher(1));
    return new ScrapedService(
        node,
        new HttpApi(
            node.system(),
            HttpSettings.loopback(0),
            new HttpApi.Parts(
                node.service(),
                AccessTokens.open(directory, InstantSource.system()),
                () -> CompletableFuture.completedFuture(description()),
                () -> LiveFeed.start(Optional::empty, Clock.systemUTC()),
                new NodeFiles(directory, node.runs(), Backlog.of(directory)),
                DataSets.open(
                    directory.resolve("data"),
                    "n1",
                    DataRoom.Limits.DEFAULT,
                    InstantSource.system()),
                node::backUpJournal,
                node.meters())));
  }

  private static ServiceDescription description() {
    return new ServiceDescription(
        "0.1", "n1", List.of(new ServiceDescription.Node("n1", 2, 2, 2_048, 2_048)), 0, 0);
  }

  RunService service() {
    return node.service();
  }

  String get(String path) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(api.uri() + path)).build(), BodyHandlers.ofString())
        .body();
  }

  String metrics() throws IOException, InterruptedException {
    return get("/metrics");
  }

  @Override
  public void close() {
    api.close();
    node.close();
  }
}
