package io.espalier.service.api;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import io.espalier.service.RunService;
import io.espalier.service.http.Role;
import io.espalier.service.http.Route;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What Prometheus scrapes. */
final class MetricRoutes {
  private static final String FORMAT = "text/plain; version=0.0.4; charset=UTF-8";

  private final ApiMetrics metrics;
  private final RunCounts counts;
  private final Optional<Role> role;

  /**
   * @param role that a scraper needs; empty where only this machine can ask
   */
  public MetricRoutes(ApiMetrics metrics, RunService service, Optional<Role> role) {
    this.metrics = metrics;
    this.counts = new RunCounts(service, metrics.registry());
    this.role = role;
  }

  public List<Route> routes() {
    return List.of(
        new Route(
            "GET",
            "/metrics",
            role,
            List.of(),
            List.of(MediaTypes.TEXT_PLAIN),
            call -> counts.refresh().thenApply(done -> answer())));
  }

  private HttpResponse answer() {
    return HttpResponse.create()
        .withEntity(
            HttpEntities.create(
                ContentTypes.parse(FORMAT), metrics.text().getBytes(StandardCharsets.UTF_8)));
  }
}
