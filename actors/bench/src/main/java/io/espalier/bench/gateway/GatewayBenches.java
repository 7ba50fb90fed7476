package io.espalier.bench.gateway;

import java.util.List;

/** The benches of a gateway. */
public final class GatewayBenches {
  private GatewayBenches() {}

  public static List<Object> commands() {
    return List.of(new BenchGatewayCommand(), new BenchWireCommand());
  }
}
