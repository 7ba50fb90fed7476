package io.espalier.service;

/**
 * An alert that an attempt at a run raised. Names are stored: none may change.
 *
 * @param id {@code TERM/alert/NUMBER}; unique within the run
 * @param kind such as {@code hidden-weights}
 * @param step completed steps at the last committed state
 * @param text what is wrong, for people to read
 */
public record RunAlert(String id, String kind, long step, String text) {}
