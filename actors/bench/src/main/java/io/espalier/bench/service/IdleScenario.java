package io.espalier.bench.service;

/** What a service has behind it when it is measured. */
enum IdleScenario {
  NO_RUN_YET("service, no run yet"),
  RUN_ENDED("after a run has ended"),
  PAUSED_AND_LISTENED("a paused run with a listener");

  private final String text;

  IdleScenario(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }
}
