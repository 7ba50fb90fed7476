/** What devices hold of a network: masks and channels that fit their budgets, nested. */
@NullMarked
package io.espalier.masks.nesting;

import org.jspecify.annotations.NullMarked;
