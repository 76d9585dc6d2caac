// One sentence above the board: what went wrong, or what the page did. It stays until closed or replaced;
// notes that need no answer go by themselves.
const k_note_ms = 6000;

export class Banner {
    constructor(element) {
        this.element = element;
        this.text = element.querySelector("p");
        this.timer = this.shown = 0;
        this.action = element.querySelector("#banner-action");
        element.querySelector("#banner-close").addEventListener("click", () => this.hide());
        this.action.addEventListener("click", () => {
            this.hide();
            this.act();
        });
    }

    show(sentence, bad) {
        clearTimeout(this.timer);
        this.shown += 1;
        this.element.classList.toggle("bad", bad);
        this.element.hidden = false;
        this.action.hidden = true;
        this.text.textContent = sentence;
    }

    // A sentence, or the promise of one; what was said meanwhile stays.
    async error(sentence) {
        const shown = ++this.shown;
        const words = await sentence;
        if (shown === this.shown) this.show(words, true);
    }

    note(sentence) {
        this.show(sentence, false);
        this.timer = setTimeout(() => this.hide(), k_note_ms);
    }

    // A note with a button; it stays until one of them is pressed.
    offer(sentence, label, act) {
        this.show(sentence, false);
        this.act = act;
        this.action.textContent = label;
        this.action.hidden = false;
    }

    hide() {
        clearTimeout(this.timer);
        this.shown += 1;
        this.element.hidden = true;
    }
}
