package io.espalier.actors.federation.server.store;

/**
 * A client that was invited to a round, as it was then.
 *
 * @param densityCap largest share of the prunable weights that it can hold
 * @param examples that it trains on
 */
public record Invitee(String client, double densityCap, long examples) {}
