#!/usr/bin/env python3
"""Makes class_families.txt: for each of ImageNet's classes the everyday words of the families that it belongs to.

    apt-get install wordnet-base wordnet-sense-index
    models/make_class_families.py models/imagenet_labels.txt > models/class_families.txt

A class name such as "golden retriever" is seldom a tag; "dog" is one. A family's word is the most used lemma of a
WordNet synset above the class's own, if it is one word, in that word's first sense, met in WordNet's sense-tagged texts
(or listed in KNOWN), and not one of ABSTRACT, which nobody tags photos with.
"""
import collections
import sys

WORDNET = '/usr/share/wordnet/'
KNOWN = {'butterfly', 'turtle', 'feline', 'crustacean', 'primate', 'marsupial', 'rodent'}
ABSTRACT = set('''
    accouterment amount applicator arrangement area artefact artifact associate attribute autoloader bar barrier being
    birth blower brace brakes brake cause check collection commodity communication condition constraint consumer
    container contestant control conveyance course cover covering craft creation cushioning device dispenser draft
    drygoods emblem entanglement entity equipment european expert explorer facility feature feed fiber fieldhand figure
    fluid form fortification frame furnishing garment gathering government grating group head honor housing
    implement indicator inhabitant instrument instrumentation invertebrate laborer layer lever liquid location machine
    mammal material matter means measure medium memory message mechanism object obstruction opening organism organization
    outlet papers paraphernalia part participant peer piece point post preparation pigment product produce
    property protection publication quality receptacle reflector region relation restraint rig scene seat shape
    sheath shelter sign signal site situation slab solid source space structure strip substance support surface
    sustenance symbol system thing timer tool tract transducer transport trap unit utensil vertebrate way worker
    workman cloth appliance meat block set memory'''.split())


def read_nouns():
    """Synset number -> (lemmas, numbers of the synsets right above)."""
    nouns = {}
    for line in open(WORDNET + 'data.noun', encoding='latin-1'):
        if line.startswith('  '):
            continue  # the licence
        fields = line.split(' | ')[0].split()
        words = int(fields[3], 16)
        lemmas = [fields[4 + 2 * i].replace('_', ' ') for i in range(words)]
        first = 4 + 2 * words
        above = []
        for i in range(int(fields[first])):
            kind, synset, part_of_speech = fields[first + 1 + 4 * i:first + 4 + 4 * i]
            if kind in ('@', '@i') and part_of_speech == 'n':
                above.append(synset)
        nouns[fields[0]] = (lemmas, above)
    return nouns


def read_senses():
    """(lemma, synset) -> (number of the sense, how often it was met)."""
    senses = {}
    for line in open(WORDNET + 'index.sense', encoding='latin-1'):
        key, synset, number, count = line.split()
        lemma, rest = key.split('%')
        if rest.startswith('1:'):
            senses[(lemma.replace('_', ' '), synset)] = (int(number), int(count))
    return senses


def synset_of(label, nouns, senses, by_lemma):
    names = [name.strip().lower() for name in label.split(',')]

    def agreement(synset):
        lemmas = {lemma.lower() for lemma in nouns[synset][0]}
        return len(lemmas & set(names)), -len(lemmas), -senses.get((names[0], synset), (99, 0))[0]

    return max(by_lemma[names[0]], key=agreement, default=None)


def all_above(synset, nouns, found):
    for one in nouns[synset][1]:
        if one not in found:
            found.add(one)
            all_above(one, nouns, found)
    return found


def family_word(synset, nouns, senses):
    def use(lemma):
        number, count = senses.get((lemma.lower(), synset), (99, 0))
        return count, -number

    lemma = max(nouns[synset][0], key=use)
    count, number = use(lemma)
    word = lemma.lower()
    everyday = number == -1 and (count > 0 or word in KNOWN)
    return word if everyday and ' ' not in word and word not in ABSTRACT else None


def main():
    nouns, senses = read_nouns(), read_senses()
    by_lemma = collections.defaultdict(list)
    for synset, (lemmas, _) in sorted(nouns.items()):
        for lemma in lemmas:
            by_lemma[lemma.lower()].append(synset)
    labels = [line.strip() for line in open(sys.argv[1]) if line.strip() and not line.startswith('#')]
    synsets = [synset_of(label, nouns, senses, by_lemma) for label in labels]
    above = [all_above(synset, nouns, set()) if synset else set() for synset in synsets]
    sizes = collections.Counter(synset for group in above for synset in group)
    print('# For each class of imagenet_labels.txt, in that order: words for families that it belongs to, narrowest first;')
    print('# "-" for none. Made by make_class_families.py from WordNet 3.0, Copyright 2006 by Princeton University;')
    print('# WordNet License, https://wordnet.princeton.edu/license-and-commercial-use')
    for label, group in zip(labels, above):
        own = {name.strip().lower() for name in label.split(',')}
        words = []
        for synset in sorted(group, key=lambda s: (sizes[s], s)):
            word = family_word(synset, nouns, senses)
            if word and word not in own and word not in words:
                words.append(word)
        print(' '.join(words) or '-')


if __name__ == '__main__':
    main()
