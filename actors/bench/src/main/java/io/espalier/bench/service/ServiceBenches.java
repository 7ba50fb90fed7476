package io.espalier.bench.service;

import java.util.List;

/** The benches of service, telemetry and dashboard. */
public final class ServiceBenches {
  private ServiceBenches() {}

  public static List<Object> commands() {
    return List.of(
        new BenchIdleCommand(),
        new BenchStartCommand(),
        new BenchTelemetryCommand(),
        new BenchDashboardCommand());
  }
}
